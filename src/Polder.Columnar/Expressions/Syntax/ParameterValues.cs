using System.Collections.Generic;

namespace Polder.Expressions.Syntax;

/// <summary>The values of a text's parameters, and which of them the text uses. For one reading of one text.</summary>
internal sealed class ParameterValues(IReadOnlyDictionary<string, Literal> values)
{
    private readonly SortedDictionary<string, Literal> _used = new(System.StringComparer.Ordinal);

    /// <summary>Those that were asked for, by name.</summary>
    public IReadOnlyDictionary<string, Literal> Used => _used;

    /// <summary>The value of a parameter; null where it has none. Names are compared exactly.</summary>
    public Literal? Find(string name)
    {
        if (values.TryGetValue(name, out Literal? value))
        {
            _used[name] = value;
        }

        return value;
    }
}
