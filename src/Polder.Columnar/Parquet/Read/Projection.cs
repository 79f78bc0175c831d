using System;
using System.Collections.Generic;

namespace Polder.Parquet.Read;

/// <summary>Which parts of nested fields are wanted: a tree of names.</summary>
internal sealed class Projection
{
    private readonly List<(ParquetField Field, Projection Part)> _parts = [];

    /// <summary>All of a field.</summary>
    public static Projection Everything { get; } = new() { All = true };

    /// <summary>Whether all below is wanted.</summary>
    public bool All { get; set; }

    /// <summary>Adds a dotted path. A field whose own name has dots is found by its whole name first.</summary>
    /// <exception cref="ArgumentException">No field is so named.</exception>
    public void Add(IReadOnlyList<ParquetField> fields, string path)
    {
        if (!TryAdd(fields, path))
        {
            throw new ArgumentException($"the file has no column '{path}'", nameof(path));
        }
    }

    /// <summary>The fields wanted of those, each with what is wanted of it: in the order they were asked for.</summary>
    public IEnumerable<(ParquetField Field, Projection Part)> Choose(IReadOnlyList<ParquetField> fields)
    {
        if (!All)
        {
            return _parts;
        }

        List<(ParquetField, Projection)> all = new(fields.Count);
        foreach (ParquetField field in fields)
        {
            all.Add((field, Everything));
        }

        return all;
    }

    /// <summary>What is wanted of the element of a list, or of the key or value of a map.</summary>
    public Projection Within(ParquetField child, bool isMap)
    {
        foreach ((ParquetField field, Projection part) in _parts)
        {
            if (field == child)
            {
                return part;
            }
        }

        // A map's key is whole beside its value; a value not asked for comes whole beside its key.
        return All || isMap ? Everything : throw new InvalidOperationException("a list without its element");
    }

    private bool TryAdd(IReadOnlyList<ParquetField> fields, string path)
    {
        foreach (ParquetField field in fields)
        {
            if (string.Equals(field.Name, path, StringComparison.Ordinal))
            {
                Part(field).All = true;
                return true;
            }
        }

        foreach (ParquetField field in fields)
        {
            if (path.Length > field.Name.Length && path[field.Name.Length] == '.' &&
                path.StartsWith(field.Name, StringComparison.Ordinal) &&
                field.Shape is FieldShape.Struct or FieldShape.List or FieldShape.Map)
            {
                string rest = path[(field.Name.Length + 1)..];
                if (new Projection().TryAdd(field.Children, rest))
                {
                    return Part(field).TryAdd(field.Children, rest);
                }
            }
        }

        return false;
    }

    private Projection Part(ParquetField field)
    {
        foreach ((ParquetField known, Projection part) in _parts)
        {
            if (known == field)
            {
                return part;
            }
        }

        Projection made = new();
        _parts.Add((field, made));
        return made;
    }
}
