using System.Collections.Generic;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>What a page's queries yield for one URL, at one version of each table.</summary>
internal sealed class PageResults
{
    /// <summary>One for each fence, in the order of the page.</summary>
    public required IReadOnlyList<FenceResult> Fences { get; init; }

    /// <summary>One for each value in the text, in the order in which they were given.</summary>
    public required IReadOnlyList<ValueResult> Values { get; init; }

    /// <summary>The inputs of the parameters, a form whose target is the page; empty where there are none.</summary>
    public required string InputsHtml { get; init; }

    /// <summary>The tables that the page reads, with their versions; empty where it reads none.</summary>
    public required string TablesHtml { get; init; }

    /// <summary>The tables that the page reads, by name.</summary>
    public required IReadOnlyList<TableVersion> Tables { get; init; }

    /// <summary>Whether any fence, parameter or inline value failed.</summary>
    public required bool HasFailures { get; init; }
}

/// <summary>What stands in the place of a fence.</summary>
/// <param name="Name">The fence's name.</param>
/// <param name="Html">A table, a chart or an error. It does not say the tables' versions.</param>
/// <param name="Hash">Of the HTML: equal where nothing is to be sent.</param>
/// <param name="Tables">The tables that were read; those of the page where the fence failed.</param>
/// <param name="Failure">Why there is no result; null where there is one.</param>
internal sealed record FenceResult(
    string Name, string Html, ulong Hash, IReadOnlyList<TableVersion> Tables, FenceFailure? Failure);

/// <summary>What stands in the place of a value in the text.</summary>
/// <param name="Html">The value, or an error.</param>
/// <param name="Hash">Of the HTML.</param>
internal sealed record ValueResult(string Html, ulong Hash);
