using System.Collections.Generic;

namespace Polder.Server.Queries;

/// <summary>A parameter that a page declares in its front matter; its value comes from the URL's query.</summary>
/// <param name="Name">What SQL calls it: <c>:region</c>; and the key in the URL.</param>
/// <param name="Type">A type of Spark SQL: STRING, INT, DATE …</param>
internal sealed record PageParameter(string Name, string Type)
{
    /// <summary>The value where the URL has none; null = NULL.</summary>
    public string? Default { get; init; }

    /// <summary>What stands beside the input; null = the name.</summary>
    public string? Label { get; init; }

    /// <summary>What may be chosen; null = anything.</summary>
    public IReadOnlyList<ParameterOption>? Options { get; init; }

    /// <summary>A query whose first column is what may be chosen, and its second, if any, how that is shown.</summary>
    public SqlFence? OptionsQuery { get; init; }

    /// <summary>What is wrong with the declaration; null = nothing.</summary>
    public FenceFailure? Failure { get; init; }
}

/// <summary>A value to choose, and how it is shown.</summary>
internal sealed record ParameterOption(string Value, string Label);
