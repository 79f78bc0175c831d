using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Tests.Execution;

/// <summary>Rows as objects, to make batches of and to compute expected results from.</summary>
internal sealed class TestRows(DataType schema, IReadOnlyList<object?[]> values)
{
    public DataType Schema { get; } = schema;

    public IReadOnlyList<object?[]> Values { get; } = values;

    public static DataType SchemaOf(params (string Name, DataType Type)[] columns) =>
        DataType.Struct([.. columns.Select(column => new StructField(column.Name, column.Type))]);

    public ScanNode Scan(int batchRows = 1000, int batchesPerMorsel = 2) =>
        new(MemorySource.Of(this, batchRows, batchesPerMorsel));

    public ColumnReference Column(string name) => Column(Schema, name);

    public static ColumnReference Column(DataType schema, string name, int shift = 0)
    {
        int index = schema.IndexOf(name);
        return new ColumnReference(index + shift, name, schema.Fields[index].Type, true);
    }

    public RecordBatch ToBatch(int start, int count)
    {
        ColumnBuilder[] builders = [.. Schema.Fields.Select(field => ColumnBuilder.Create(field.Type, count))];
        foreach (object?[] row in Values.Skip(start).Take(count))
        {
            for (int column = 0; column < builders.Length; column++)
            {
                builders[column].AppendValue(row[column]);
            }
        }

        return new RecordBatch(ArrowTypes.ToSchema(Schema), builders.Select(builder => builder.Build()), count);
    }

    /// <summary>Runs a plan and reads its rows.</summary>
    public static async Task<List<object?[]>> RunAsync(PlanNode plan, int parallelism = 2, Limits? limits = null)
    {
        Engine engine = new(new EngineOptions { Parallelism = parallelism, Limits = limits ?? Limits.Default });
        List<object?[]> rows = [];
        await foreach (RecordBatch batch in Query.ExecuteAsync(plan, engine))
        {
            Xunit.Assert.InRange(batch.Length, 1, 8192);
            Xunit.Assert.Equal(plan.Output.Fields.Count, batch.ColumnCount);
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add([.. plan.Output.Fields.Select((field, column) =>
                    ColumnValues.Get(batch.Column(column), row, field.Type))]);
            }
        }

        return rows;
    }

    /// <summary>Runs a plan with 1, 2 and 8 threads, checks that all agree, and returns the rows as text.</summary>
    public static async Task<string[]> RunEverywhereAsync(PlanNode plan)
    {
        string[] single = [.. (await RunAsync(plan, 1)).Select(Text)];
        foreach (int parallelism in (int[])[2, 8])
        {
            string[] parallel = [.. (await RunAsync(plan, parallelism)).Select(Text)];
            Xunit.Assert.Equal(single, parallel);
        }

        return single;
    }

    /// <summary>A row as text, exactly: floats by their bits but for zeros and NaN, which print alike.</summary>
    public static string Text(IEnumerable<object?> row) => string.Join("|", row.Select(Text));

    public static string Text(object? value) => value switch
    {
        null => "NULL",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        object?[] items => $"[{string.Join(",", items.Select(Text))}]",
        (object?, object?)[] pairs =>
            $"{{{string.Join(",", pairs.Select(pair => $"{Text(pair.Item1)}:{Text(pair.Item2)}"))}}}",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A grouping key as text: zeros and NaNs alike.</summary>
    public static string Key(object? value) => value switch
    {
        double number => Text(number == 0 ? 0.0 : number),
        float number => Text(number == 0 ? 0f : number),
        _ => Text(value),
    };
}
