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

    /// <summary>Adds the field of that id, a column or a part of one.</summary>
    /// <exception cref="ArgumentException">No field has that id, or two have it.</exception>
    public void Add(IReadOnlyList<ParquetField> fields, int fieldId)
    {
        List<ParquetField> path = [];
        if (!TryFind(fields, fieldId, path))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"the file has no column of the field id {fieldId}"), nameof(fieldId));
        }

        Projection at = this;
        foreach (ParquetField field in path)
        {
            at = at.Part(field);
        }

        at.All = true;
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

    // Iceberg and Delta give ids to the elements of lists and maps too; a variant has no parts of its own.
    private static bool TryFind(IReadOnlyList<ParquetField> fields, int fieldId, List<ParquetField> path)
    {
        int found = 0;
        foreach (ParquetField field in fields)
        {
            List<ParquetField> below = [field];
            if (field.FieldId == fieldId ||
                (field.Shape != FieldShape.Variant && TryFind(field.Children, fieldId, below)))
            {
                found++;
                path.AddRange(found == 1 ? below : []);
            }
        }

        return found < 2
            ? found == 1
            : throw new ArgumentException(
                FormattableString.Invariant($"two columns of the file have the field id {fieldId}"), nameof(fieldId));
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
