using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns.Variant;
using Polder.Expressions;

namespace Polder.Parquet.Read;

/// <summary>
/// Predicates on parts of shredded variants in terms of the typed columns that hold those parts, so that statistics
/// can tell something of them (VariantShredding.md, "Data Skipping").
/// </summary>
/// <remarks>
/// A part is told by its typed column alone only where no row keeps it in the value column beside, and where it is
/// asked for as the very type that the column has: then reading it as that type neither fails nor changes it.
/// </remarks>
internal static class TypedPredicates
{
    private const string Typed = "typed_value";

    /// <summary>The predicate with typed columns for the parts of variants; for pruning only.</summary>
    /// <param name="predicate">The predicate.</param>
    /// <param name="footer">The file.</param>
    /// <param name="variants">Structs that are variants though the file does not mark them as such.</param>
    public static Expression Rewrite(
        Expression predicate, ParquetFooter footer, IReadOnlyList<ParquetField> variants)
    {
        if (predicate is Call { Function: Function.VariantGet or Function.TryVariantGet } part)
        {
            return Find(part, footer, variants) ?? predicate;
        }

        Expression[] children = new Expression[predicate.Children.Count];
        bool changed = false;
        for (int index = 0; index < children.Length; index++)
        {
            children[index] = Rewrite(predicate.Children[index], footer, variants);
            changed |= !ReferenceEquals(children[index], predicate.Children[index]);
        }

        return changed ? predicate.WithChildren(children) : predicate;
    }

    private static ColumnReference? Find(Call part, ParquetFooter footer, IReadOnlyList<ParquetField> variants)
    {
        if (part.Children is not [ColumnReference column, Literal { Value: string text }] ||
            !VariantPath.TryParse(text, out VariantPath? path) ||
            RowGroupStats.Find(footer.Schema, column.Name) is not ParquetField place ||
            (place.Shape != FieldShape.Variant && !variants.Contains(place)))
        {
            return null;
        }

        List<string> names = [column.Name];
        for (int step = 0; step < path.StepCount; step++)
        {
            ParquetField? typed = ChildOf(place, Typed);
            if (path.KeyAt(step) is not string key || typed?.Shape != FieldShape.Struct ||
                ChildOf(typed, key) is not ParquetField field)
            {
                return null;
            }

            names.Add(Typed);
            names.Add(key);
            place = field;
        }

        if (ChildOf(place, Typed) is not { Leaf: not null, IsSupported: true } leaf ||
            !leaf.Type.Equals(part.Type) || HasOthers(ChildOf(place, "value"), footer))
        {
            return null;
        }

        return new ColumnReference(
            column.Index, $"{string.Join('.', names)}.{Typed}", part.Type, nullable: true, part.Span);
    }

    private static ParquetField? ChildOf(ParquetField field, string name) =>
        field.Children.FirstOrDefault(child => string.Equals(child.Name, name, StringComparison.Ordinal));

    /// <summary>Whether any row may keep the part in its value column.</summary>
    private static bool HasOthers(ParquetField? value, ParquetFooter footer) =>
        value is not null && (value.Leaf is not ParquetLeaf leaf || footer.RowGroups.Any(rowGroup =>
            rowGroup.Columns[leaf.Index].Statistics?.NullCount != rowGroup.Columns[leaf.Index].ValueCount));
}
