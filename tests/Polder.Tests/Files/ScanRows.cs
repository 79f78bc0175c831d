using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Tests.Columns;

namespace Polder.Tests.Files;

/// <summary>Rows whose values go up, more or less, so that pages differ, and conditions on them.</summary>
internal sealed class ScanRows
{
    private const int FirstDay = 19_000;

    public ScanRows(Random random, int rowCount)
    {
        RowCount = rowCount;
        int noise = 1 << random.Next(0, 8);
        object?[][] columns = [.. Schema.Fields.Select(_ => new object?[rowCount])];
        double[] nulls =
            [.. Schema.Fields.Select(_ => random.Next(4) switch { 0 => 0, 1 => 0.02, 2 => 0.5, _ => 0.1 })];
        for (int row = 0; row < rowCount; row++)
        {
            int value = (row / 3) + random.Next(noise);
            bool isNullStretch = (row / 500) % 4 == 3;
            for (int column = 0; column < columns.Length; column++)
            {
                StructField field = Schema.Fields[column];
                bool isNull = field.Nullable && (random.NextDouble() < nulls[column] || (isNullStretch && column > 4));
                columns[column][row] = isNull ? null : Value(field.Type, value, random);
            }
        }

        Batch = new RecordBatch(
            ArrowTypes.ToSchema(Schema),
            Schema.Fields.Select((field, index) => RandomColumns.Build(field.Type, columns[index], random)),
            rowCount);
    }

    public static DataType Schema { get; } = DataType.Struct(
        new StructField("r", DataType.Integer, nullable: false),
        new StructField("i", DataType.Integer),
        new StructField("l", DataType.Long),
        new StructField("d", DataType.Double),
        new StructField("f", DataType.Float),
        new StructField("s", DataType.String),
        new StructField("c", DataType.Decimal(12, 2)),
        new StructField("w", DataType.Decimal(30, 2)),
        new StructField("b", DataType.Boolean),
        new StructField("day", DataType.Date),
        new StructField("ts", DataType.Timestamp),
        new StructField("y", DataType.Short),
        new StructField("x", DataType.Binary),
        new StructField("st", DataType.Struct(
            new StructField("i", DataType.Integer), new StructField("s", DataType.String))),
        new StructField("a", DataType.Array(DataType.Integer)),
        new StructField("m", DataType.Map(DataType.String, DataType.Array(DataType.Long))));

    public static IReadOnlyList<string> BloomColumns { get; } =
        ["r", "i", "l", "d", "f", "s", "c", "w", "day", "ts", "y", "x", "st.i", "st.s"];

    public int RowCount { get; }

    public RecordBatch Batch { get; }

    /// <summary>Rows left out: none, some here and there, or long stretches.</summary>
    public static byte[]? Mask(Random random, long rowCount)
    {
        int kind = random.Next(4);
        if (kind == 0)
        {
            return null;
        }

        byte[] bits = new byte[(rowCount + 7) / 8];
        bool isLeftOut = false;
        long until = 0;
        for (int row = 0; row < rowCount; row++)
        {
            if (row >= until)
            {
                isLeftOut = !isLeftOut;
                until = row + random.Next(1, kind == 1 ? 4000 : 50);
            }

            if (kind == 3 ? random.Next(40) == 0 : isLeftOut)
            {
                bits[row >> 3] |= (byte)(1 << (row & 7));
            }
        }

        return bits;
    }

    /// <summary>A random condition, in Spark SQL.</summary>
    public string Condition(Random random, int depth = 2)
    {
        if (depth > 0 && random.Next(2) == 0)
        {
            return random.Next(4) switch
            {
                0 => $"({Condition(random, depth - 1)} OR {Condition(random, depth - 1)})",
                1 => $"NOT ({Condition(random, depth - 1)})",
                _ => $"({Condition(random, depth - 1)} AND {Condition(random, depth - 1)})",
            };
        }

        int value = random.Next(-5, (RowCount / 3) + 20);
        (string column, string constant, string second) = Constants(random, value, value + random.Next(40));
        return random.Next(10) switch
        {
            0 => $"{column} IS NULL",
            1 => $"{column} IS NOT NULL",
            2 => $"{column} BETWEEN {constant} AND {second}",
            3 => $"{column} IN ({constant}, {second})",
            4 => $"{column} <=> {constant}",
            5 => Pick(random, "b", "NOT b", "a IS NULL", "m IS NOT NULL", "i = r", "st IS NULL", "true"),
            6 => $"s LIKE 'v{Text(value)[1..^1]}%'",
            _ => $"{column} {Pick(random, "=", "=", "<>", "<", "<=", ">", ">=")} {constant}",
        };
    }

    private static (string Column, string First, string Second) Constants(Random random, int first, int second)
    {
        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
        static string Day(int value) => DateOnly.FromDayNumber(719_162 + FirstDay + value)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return random.Next(13) switch
        {
            0 => ("i", Number(first), Number(second)),
            1 => ("l", Number(first), Number(second)),
            2 => ("d", random.Next(6) == 0 ? "double('NaN')" : $"{Number(first)}.5D", $"{Number(second)}D"),
            3 => ("f", random.Next(6) == 0 ? "-0.0D" : $"{Number(first)}D", $"{Number(second)}D"),
            4 => ("s", $"'{Text(first)}'", $"'{Text(second)}'"),
            5 => ("c", $"{Number(first)}.25", $"{Number(second)}.00"),
            6 => ("w", $"{Number(first)}.25", $"{Number(second)}.00"),
            7 => ("day", $"DATE '{Day(first)}'", $"DATE '{Day(second)}'"),
            8 => ("ts", $"TIMESTAMP '{Day(first)} 00:00:01'", $"TIMESTAMP '{Day(second)}'"),
            9 => ("y", Number(first), Number(second)),
            10 => ("st.i", Number(first), Number(second)),
            11 => ("st.s", $"'{Text(first)}'", $"'{Text(second)}'"),
            _ => ("r", Number(first), Number(second)),
        };
    }

    private static object Value(DataType type, int value, Random random) => type.Kind switch
    {
        TypeKind.Integer => value,
        TypeKind.Long => (long)value,
        TypeKind.Short => (short)value,
        TypeKind.Double => random.Next(40) switch { 0 => double.NaN, 1 => -0d, 2 => 0d, _ => value + 0.5 },
        TypeKind.Float => random.Next(40) switch { 0 => float.NaN, 1 => -0f, 2 => 0f, _ => (float)value },
        TypeKind.String => Text(value),
        TypeKind.Binary => System.Text.Encoding.UTF8.GetBytes(Text(value)),
        TypeKind.Decimal => ((Int128)value * 100) + (random.Next(4) * 25),
        TypeKind.Boolean => value % 400 < 200,
        TypeKind.Date => FirstDay + value,
        TypeKind.Timestamp => ((FirstDay + (long)value) * 86_400_000_000) + (random.Next(3) * 1_000_000) + value,
        TypeKind.Struct => type.Fields
            .Select(field => random.Next(9) == 0 ? null : Value(field.Type, value, random)).ToArray(),
        TypeKind.Array => Enumerable.Range(0, random.Next(0, random.Next(9) == 0 ? 30 : 3))
            .Select(_ => random.Next(9) == 0 ? null : Value(type.Element!, random.Next(10), random)).ToArray(),
        _ => Enumerable.Range(0, random.Next(0, 3)).Select(index =>
            ((object?)(index == 0 ? "k" : $"k{index}"), (object?)Value(type.Element!, value, random))).ToArray(),
    };

    private static string Text(int value) =>
        string.Create(CultureInfo.InvariantCulture, $"v{value:D6}{(value % 7 == 0 ? "é𝄞 and a long tail" : "")}");

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
