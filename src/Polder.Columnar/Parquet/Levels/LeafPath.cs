using System.Collections.Generic;
using System.Linq;

namespace Polder.Parquet.Levels;

/// <summary>The way from a column to one of its leaves, a field at a time.</summary>
internal sealed class LeafPath
{
    private LeafPath(int columnIndex, IReadOnlyList<PathStep> steps)
    {
        ColumnIndex = columnIndex;
        Steps = steps;
        ParquetField last = steps[^1].Field;
        Leaf = last.Leaf!;
        IsFlat = steps.Count == 1;
        int columnStep = FindColumn(steps);
        Column = steps[columnStep].Field;
        ColumnNames = [.. steps.Take(columnStep + 1).Select(step => step.Field.Name)];
        SpeaksForColumn = steps.Skip(columnStep + 1).All(step => step.ChildIndex == 0);
        IsInVariant = steps.Any(step => step.Field.Shape == FieldShape.Variant);
    }

    /// <summary>The column of a batch.</summary>
    public int ColumnIndex { get; }

    /// <summary>The fields, the column first, the leaf last.</summary>
    public IReadOnlyList<PathStep> Steps { get; }

    /// <summary>The leaf.</summary>
    public ParquetLeaf Leaf { get; }

    /// <summary>Whether the leaf is a column itself.</summary>
    public bool IsFlat { get; }

    /// <summary>The first field on the way that is no struct: what statistics of a table count nulls of.</summary>
    public ParquetField Column { get; }

    /// <summary>The names from the root to <see cref="Column"/>.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Whether this is the first leaf of <see cref="Column"/>, the one that counts its nulls.</summary>
    public bool SpeaksForColumn { get; }

    /// <summary>Whether the leaf is a part of a variant, whose bytes have no meaningful order.</summary>
    public bool IsInVariant { get; }

    /// <summary>The paths of all leaves, in their order.</summary>
    public static IReadOnlyList<LeafPath> Of(ParquetSchema schema)
    {
        List<LeafPath> paths = [];
        List<PathStep> steps = [];
        for (int columnIndex = 0; columnIndex < schema.Fields.Count; columnIndex++)
        {
            Collect(paths, steps, columnIndex, schema.Fields[columnIndex], 0);
        }

        for (int leafIndex = 0; leafIndex < paths.Count; leafIndex++)
        {
            Invariant.Holds(paths[leafIndex].Leaf.Index == leafIndex, "leaves are out of order");
        }

        return paths;
    }

    private static void Collect(
        List<LeafPath> paths, List<PathStep> steps, int columnIndex, ParquetField field, int childIndex)
    {
        steps.Add(new PathStep(field, childIndex));
        if (field.Leaf is not null)
        {
            paths.Add(new LeafPath(columnIndex, [.. steps]));
        }

        for (int index = 0; index < field.Children.Count; index++)
        {
            Collect(paths, steps, columnIndex, field.Children[index], index);
        }

        steps.RemoveAt(steps.Count - 1);
    }

    private static int FindColumn(IReadOnlyList<PathStep> steps)
    {
        int stepIndex = 0;
        while (steps[stepIndex].Field.Shape == FieldShape.Struct)
        {
            stepIndex++;
        }

        return stepIndex;
    }
}

/// <summary>A field on the way to a leaf.</summary>
/// <param name="Field">The field.</param>
/// <param name="ChildIndex">Its position among its parent's children; 0 for a column.</param>
internal readonly record struct PathStep(ParquetField Field, int ChildIndex);
