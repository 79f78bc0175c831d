using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>The columns that a scan returns: columns of the table or fields inside them, by dotted path.</summary>
internal sealed class Projection
{
    private readonly IReadOnlyList<(string Column, IReadOnlyList<string> Fields)> _paths;

    private Projection(DataType output, IReadOnlyList<(string Column, IReadOnlyList<string> Fields)> paths)
    {
        Output = output;
        _paths = paths;
        ArrowSchema = ArrowTypes.ToSchema(output);
        Columns = paths.Select(path => path.Column).ToHashSet();
    }

    /// <summary>A struct of the columns.</summary>
    public DataType Output { get; }

    public Schema ArrowSchema { get; }

    /// <summary>The table's columns that are needed.</summary>
    public IReadOnlySet<string> Columns { get; }

    /// <summary>Resolves dotted paths, without case; null = every column of the table.</summary>
    /// <exception cref="QueryException">There is no such column.</exception>
    public static Projection Create(Snapshot snapshot, IReadOnlyList<string>? columns) => Create(
        snapshot.ScanSchema, columns ?? [.. snapshot.Schema.Fields.Select(field => field.Name)]);

    /// <inheritdoc cref="Create(Snapshot, IReadOnlyList{string}?)"/>
    public static Projection Create(DataType schema, IReadOnlyList<string> columns)
    {
        List<StructField> output = [];
        List<(string, IReadOnlyList<string>)> paths = [];
        foreach (string column in columns)
        {
            (StructField top, List<string> fields, StructField field) = Resolve(schema, column);
            output.Add(field);
            paths.Add((top.Name, fields));
        }

        return new Projection(DataType.Struct(output), paths);
    }

    /// <summary>A column of the table with only those fields that come out, directly or inside others.</summary>
    public StructField Prune(StructField column) => Prune(
        column, [.. _paths.Where(path => path.Column == column.Name).Select(path => path.Fields)], depth: 0);

    /// <summary>The columns of chosen rows of a batch laid out as <paramref name="layout"/>.</summary>
    public RecordBatch Apply(RecordBatch batch, DataType layout, Selection rows)
    {
        IArrowArray[] arrays = new IArrowArray[_paths.Count];
        for (int index = 0; index < arrays.Length; index++)
        {
            (string column, IReadOnlyList<string> fields) = _paths[index];
            int columnIndex = layout.IndexOf(column);
            arrays[index] = Take.Rows(
                Descend(batch.Column(columnIndex), layout.Fields[columnIndex].Type, fields), rows);
        }

        return new RecordBatch(ArrowSchema, arrays, rows.Count);
    }

    /// <summary>A field inside structs: null where any struct around it is.</summary>
    private static IArrowArray Descend(IArrowArray array, DataType type, IReadOnlyList<string> fields)
    {
        foreach (string field in fields)
        {
            int fieldIndex = type.IndexOf(field);
            type = type.Fields[fieldIndex].Type;
            IArrowArray child = ArrowArrayFactory.BuildArray(ArrayBuffers.StructField(array.Data, fieldIndex));
            ValidityBuffer validity = Validity.Intersect(array, child);
            ArrayData data = child.Data;
            if (validity.NullCount != child.NullCount)
            {
                int[] rows = new int[child.Length];
                Validity outer = Validity.Of(array);
                for (int row = 0; row < rows.Length; row++)
                {
                    rows[row] = outer.IsValid(row) ? row : -1;
                }

                data = Take.Rows(child, rows).Data;
            }

            array = ArrowArrayFactory.BuildArray(data);
        }

        return array;
    }

    private static StructField Prune(StructField column, List<IReadOnlyList<string>> paths, int depth)
    {
        if (paths.Exists(path => path.Count == depth))
        {
            return column;
        }

        IEnumerable<StructField> fields = column.Type.Fields
            .Where(field => paths.Exists(path => path[depth] == field.Name))
            .Select(field => Prune(field, paths.FindAll(path => path[depth] == field.Name), depth + 1));
        return new StructField(column.Name, DataType.Struct([.. fields]), column.Nullable, column.Metadata);
    }

    private static (StructField Top, List<string> Fields, StructField Field) Resolve(DataType schema, string path)
    {
        int topIndex = schema.IndexOf(path);
        if (topIndex >= 0)
        {
            return (schema.Fields[topIndex], [], schema.Fields[topIndex]);
        }

        string[] names = path.Split('.');
        topIndex = schema.IndexOf(names[0]);
        if (topIndex < 0)
        {
            throw Unknown(schema, path);
        }

        List<string> fields = [];
        StructField field = schema.Fields[topIndex];
        bool isNullable = field.Nullable;
        foreach (string name in names.Skip(1))
        {
            int index = field.Type.IndexOf(name);
            if (index < 0)
            {
                throw UnknownField(field, name);
            }

            field = field.Type.Fields[index];
            fields.Add(field.Name);
            isNullable |= field.Nullable;
        }

        return (schema.Fields[topIndex], fields, new StructField(field.Name, field.Type, isNullable, field.Metadata));
    }

    private static QueryException UnknownField(StructField parent, string name)
    {
        string fields = string.Join(", ", parent.Type.Fields.Select(field => field.Name));
        return new QueryException(
            "FIELD_NOT_FOUND",
            "42704",
            $"{parent.Name} has no field {name}" + (fields.Length == 0 ? "" : $"; it has {fields}"),
            new Dictionary<string, string> { ["fieldName"] = $"`{name}`", ["fields"] = fields });
    }

    private static QueryException Unknown(DataType schema, string path)
    {
        List<string> names =
            [.. schema.Fields.Select(field => field.Name).Where(name => name != MetadataColumn.Name)];
        return new QueryException(
            "UNRESOLVED_COLUMN.WITH_SUGGESTION",
            "42703",
            $"there is no column {path}; the table has {string.Join(", ", names)}",
            new Dictionary<string, string>
            {
                ["objectName"] = $"`{path}`",
                ["proposal"] = string.Join(", ", names.Select(name => $"`{name}`")),
            });
    }
}
