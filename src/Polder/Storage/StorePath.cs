using System;

namespace Polder.Storage;

/// <summary>
/// The path of an object below a store's root: segments joined by '/', no leading slash, no '.' or '..' segments.
/// Text as the store holds it, not URL-encoded. Compared ordinally.
/// </summary>
public readonly record struct StorePath : IComparable<StorePath>
{
    private readonly string? _value;

    /// <summary>Makes a path.</summary>
    /// <exception cref="ArgumentException">It starts with a slash or has a '.' or '..' segment.</exception>
    public StorePath(string value)
    {
        if (value.StartsWith('/'))
        {
            throw new ArgumentException(
                $"'{value}' is not below a store's root: it starts with a slash", nameof(value));
        }

        foreach (Range segment in value.AsSpan().Split('/'))
        {
            if (value.AsSpan()[segment] is "." or "..")
            {
                throw new ArgumentException($"'{value}' may leave a store's root", nameof(value));
            }
        }

        _value = value;
    }

    /// <summary>The root.</summary>
    public static StorePath Root { get; } = new("");

    /// <summary>The text; empty for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>The part after the last slash.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>This path, a slash and <paramref name="child"/>.</summary>
    public StorePath Append(string child) =>
        new(Value.Length == 0 || Value.EndsWith('/') ? Value + child : Value + "/" + child);

    /// <inheritdoc />
    public int CompareTo(StorePath other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(StorePath left, StorePath right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(StorePath left, StorePath right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(StorePath left, StorePath right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(StorePath left, StorePath right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public override string ToString() => Value;
}
