using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Shapes;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Parquet;

namespace Polder.Delta.Write;

/// <summary>
/// Turns batches as a caller has them into batches with the table's columns, in the table's order and types. Columns
/// match by name without case; numbers may be narrower than the table's; derived partition columns are computed.
/// </summary>
internal sealed class InputShape
{
    private readonly Schema _schema;
    private readonly DataType _target;
    private readonly List<Source> _sources;

    private InputShape(DataType target, List<Source> sources)
    {
        _target = target;
        _sources = sources;
        _schema = ArrowTypes.ToSchema(target);
    }

    /// <param name="input">What the caller's batches have.</param>
    /// <param name="target">The table's schema.</param>
    /// <param name="transforms">Partition columns that are computed where the caller does not give them.</param>
    /// <param name="fillsMissing">Whether columns that the caller lacks are null.</param>
    /// <param name="location">The table, for messages.</param>
    /// <exception cref="SchemaMismatchException">The columns differ; lists every difference.</exception>
    public static InputShape Create(
        DataType input,
        DataType target,
        IReadOnlyList<PartitionTransform> transforms,
        bool fillsMissing,
        string location)
    {
        List<string> differences = [];
        List<Source> sources = [];
        foreach (StructField field in target.Fields)
        {
            int index = input.IndexOf(field.Name);
            PartitionTransform? transform = transforms.FirstOrDefault(
                item => item.Column.Equals(field.Name, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
            {
                sources.Add(Match(input.Fields[index], index, field, differences));
            }
            else if (transform is not null && input.IndexOf(transform.Source) >= 0)
            {
                sources.Add(new Source(
                    -1, null, Evaluator.Create(ExpressionAnalyzer.Analyze(transform.Expression, input))));
            }
            else
            {
                if (!fillsMissing || !field.Nullable)
                {
                    differences.Add($"the column {field.Name} ({field.Type}) is missing");
                }

                sources.Add(new Source(-1, null, null));
            }
        }

        differences.AddRange(input.Fields
            .Where(field => target.IndexOf(field.Name) < 0)
            .Select(field => $"the table has no column {field.Name} ({field.Type})"));
        differences.AddRange(input.Fields
            .GroupBy(field => field.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"the column {group.Key} is there {group.Count()} times"));
        return differences.Count == 0
            ? new InputShape(target, sources)
            : throw new SchemaMismatchException(location, differences);
    }

    /// <summary>The batch as the table has it. The caller's batch must be in canonical form.</summary>
    public RecordBatch Apply(RecordBatch batch)
    {
        IArrowArray[] columns = new IArrowArray[_sources.Count];
        for (int index = 0; index < columns.Length; index++)
        {
            Source source = _sources[index];
            columns[index] = source switch
            {
                { Shape: ColumnShape shape } => shape.Apply(batch.Column(source.Index)),
                { Derived: Evaluator derived } => derived.Evaluate(batch),
                _ => Constants.Repeat(null, _target.Fields[index].Type, batch.Length),
            };
        }

        return new RecordBatch(_schema, columns, batch.Length);
    }

    private static Source Match(StructField input, int index, StructField target, List<string> differences)
    {
        if (input.Type.Kind == TypeKind.Void)
        {
            return new Source(-1, null, null);
        }

        try
        {
            if (IsNarrowing(input.Type, target.Type))
            {
                throw new CorruptFileException($"{input.Name} would lose digits");
            }

            ParquetField field = ParquetSchema.FromDataType(DataType.Struct(input)).Fields[0];
            FindNestedDifferences(input.Type, target.Type, target.Name, differences);
            return new Source(index, CreateShape(field, target), null);
        }
        catch (Exception exception) when (exception is CorruptFileException or UnsupportedFeatureException)
        {
            differences.Add($"the column {target.Name} is {input.Type}, the table has {target.Type}");
            return new Source(-1, null, null);
        }
    }

    private static ColumnShape CreateShape(ParquetField field, StructField target)
    {
        List<ParquetField> variants = [];
        ColumnShape shape = ColumnShape.Create(
            field, target.Type, ColumnNaming.None, target.Name, LegacyCalendar.None, variants);
        return variants.All(IsVariant)
            ? shape
            : throw new CorruptFileException($"{target.Name} is no struct of the binaries metadata and value");
    }

    /// <summary>Arrow has no variants of its own: a struct of their two binaries is one.</summary>
    private static bool IsVariant(ParquetField field) => field.Children is
        [{ Name: "metadata", Type.Kind: TypeKind.Binary }, { Name: "value", Type.Kind: TypeKind.Binary }];

    /// <summary>What reading lets pass and writing must not: types that only look alike.</summary>
    private static bool IsNarrowing(DataType input, DataType target) => (input.Kind, target.Kind) switch
    {
        (TypeKind.Integer, TypeKind.Byte or TypeKind.Short) => true,
        (TypeKind.Timestamp, TypeKind.TimestampNtz) or (TypeKind.TimestampNtz, TypeKind.Timestamp) => true,
        (TypeKind.Binary, TypeKind.String) or (TypeKind.String, TypeKind.Binary) => true,
        (TypeKind.Array, TypeKind.Array) => IsNarrowing(input.Element!, target.Element!),
        (TypeKind.Map, TypeKind.Map) =>
            IsNarrowing(input.Key!, target.Key!) || IsNarrowing(input.Element!, target.Element!),
        (TypeKind.Struct, TypeKind.Struct) => input.Fields.Any(field =>
            target.IndexOf(field.Name) is int index and >= 0 &&
            IsNarrowing(field.Type, target.Fields[index].Type)),
        _ => false,
    };

    private static void FindNestedDifferences(
        DataType input, DataType target, string path, List<string> differences)
    {
        if (input.Kind != target.Kind)
        {
            return;
        }

        differences.AddRange(input.Fields
            .Where(field => target.IndexOf(field.Name) < 0)
            .Select(field => $"the table has no field {path}.{field.Name} ({field.Type})"));
        differences.AddRange(target.Fields
            .Where(field => input.IndexOf(field.Name) < 0)
            .Select(field => $"the field {path}.{field.Name} ({field.Type}) is missing"));
        foreach (StructField field in input.Fields.Where(field => target.IndexOf(field.Name) >= 0))
        {
            FindNestedDifferences(
                field.Type, target.Fields[target.IndexOf(field.Name)].Type, $"{path}.{field.Name}", differences);
        }

        if (input.Element is not null)
        {
            FindNestedDifferences(input.Element, target.Element!, path + ".element", differences);
        }
    }

    /// <summary>A column of the input in the table's shape, a computed one, or nulls.</summary>
    private sealed record Source(int Index, ColumnShape? Shape, Evaluator? Derived);
}
