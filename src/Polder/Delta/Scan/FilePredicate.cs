using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Shapes;
using Polder.Expressions;
using Polder.Parquet;

namespace Polder.Delta.Scan;

/// <summary>
/// A scan's predicate as one file can be pruned by it: the conditions on columns and fields that the file holds in the
/// table's type, under the file's names.
/// </summary>
internal sealed class FilePredicate
{
    private readonly ColumnNaming _naming;
    private readonly LegacyCalendar _calendar;
    private readonly IReadOnlyDictionary<string, ParquetField> _columns;

    private FilePredicate(
        ColumnNaming naming, LegacyCalendar calendar, IReadOnlyDictionary<string, ParquetField> columns)
    {
        _naming = naming;
        _calendar = calendar;
        _columns = columns;
    }

    /// <summary>The conditions that the file may be pruned by; null where there are none.</summary>
    /// <param name="predicate">Over the table's columns.</param>
    /// <param name="columns">By the table's name where the file holds a column as it is.</param>
    /// <param name="naming">Which field of a struct in the file is which of the table.</param>
    /// <param name="calendar">How the file counts old dates.</param>
    public static Expression? Create(
        Expression predicate,
        IReadOnlyDictionary<string, ParquetField> columns,
        ColumnNaming naming,
        LegacyCalendar calendar)
    {
        FilePredicate file = new(naming, calendar, columns);
        return Conjunction.Join(Conjunction.Split(predicate)
            .Select(file.Translate)
            .OfType<Expression>());
    }

    // Null where a part of the condition is not on the file as it is.
    private Expression? Translate(Expression expression)
    {
        if (expression is ColumnReference or FieldAccess)
        {
            return Find(expression) is { } found && IsSame(found.Field, expression.Type)
                ? new ColumnReference(0, found.Path, expression.Type, expression.Nullable, expression.Span)
                : null;
        }

        Expression?[] children = [.. expression.Children.Select(Translate)];
        return Array.Exists(children, child => child is null) ? null : expression.WithChildren(children!);
    }

    private (ParquetField Field, string Path)? Find(Expression expression)
    {
        switch (expression)
        {
            case ColumnReference column when _columns.TryGetValue(column.Name, out ParquetField? field):
                return (field, field.Name);
            case FieldAccess access when Find(access.Source) is { Field.Shape: FieldShape.Struct } source:
                StructField part = access.Source.Type.Fields[access.FieldIndex];
                ParquetField? found = _naming.Find(source.Field.Children, part);

                // A name with a dot could be taken for a path.
                return found is null || CharTypes.IsPadded(part) || HasDots(source.Field)
                    ? null
                    : (found, $"{source.Path}.{found.Name}");
            default:
                return null;
        }
    }

    private static bool HasDots(ParquetField source) =>
        source.Name.Contains('.') || source.Children.Any(child => child.Name.Contains('.'));

    private bool IsSame(ParquetField field, DataType type) =>
        !type.IsNested && field.IsSupported && field.Type.Equals(type) && !_calendar.AppliesTo(field);
}
