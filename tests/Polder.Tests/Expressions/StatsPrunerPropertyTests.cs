using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Expressions;
using Xunit;

namespace Polder.Tests.Expressions;

/// <summary>What is skipped holds no row that the condition is true for, whatever the data and the condition.</summary>
public sealed class StatsPrunerPropertyTests(ITestOutputHelper output)
{
    private const int Cases = 20_000;

    private static readonly DataType Schema = DataType.Struct(
        new StructField("i", DataType.Integer),
        new StructField("l", DataType.Long, nullable: false),
        new StructField("d", DataType.Double),
        new StructField("s", DataType.String),
        new StructField("c", DataType.Decimal(10, 2)),
        new StructField("b", DataType.Boolean),
        new StructField("day", DataType.Date),
        new StructField("ntz", DataType.TimestampNtz),
        new StructField("y", DataType.Byte));

    private static readonly string[] Texts = ["", "a", "ab", "abc", "b", "é", "\uFFFD", "\U0001F600", "zz", "a%b"];

    [Fact]
    public void A_skipped_file_holds_no_row_that_satisfies_the_condition()
    {
        int seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        Random random = new(seed);
        int skipped = 0;
        int skippable = 0;
        for (int number = 0; number < Cases; number++)
        {
            string text = Condition(random, 3);
            Expression condition = ExpressionAnalyzer.AnalyzeCondition(text, Schema);
            object?[][] rows = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Row(random))];
            IColumnStats stats = Describe(rows, random);
            bool satisfied = rows.Any(row => IsTrue(condition, row));
            bool skips = StatsPruner.Prune(condition, stats) == PruneResult.Skip;
            Assert.False(
                skips && satisfied,
                string.Create(CultureInfo.InvariantCulture, $"seed {seed}, case {number}: {text} over {Show(rows)}"));
            Assert.Equal(skips, StatsPruner.Explain(condition, stats) is not null);
            skipped += skips ? 1 : 0;
            skippable += satisfied ? 0 : 1;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{skipped} of {skippable} skipped"));
        Assert.True(skipped > skippable / 4, "the pruner hardly bites");
    }

    private static bool IsTrue(Expression condition, object?[] row)
    {
        try
        {
            return RowEvaluator.Evaluate(condition, row) is true;
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            return false;
        }
    }

    private static string Show(object?[][] rows) =>
        string.Join(" ", rows.Select(row => $"[{string.Join(", ", row.Select(v => v ?? "null"))}]"));

    private static object?[] Row(Random random) =>
    [
        Maybe(random, random.Next(-3, 4)),
        (long)random.Next(-3, 4) * (random.Next(9) == 0 ? long.MaxValue / 3 : 1),
        Maybe(random, Double(random)),
        Maybe(random, Texts[random.Next(Texts.Length)]),
        Maybe(random, (Int128)random.Next(-300, 300)),
        Maybe(random, random.Next(2) == 0),
        Maybe(random, random.Next(19_000, 19_800)),
        Maybe(random, random.NextInt64(19_000, 19_800) * 86_400_000_000L + random.Next(3) * 1_000_000),
        Maybe(random, (sbyte)random.Next(-3, 4)),
    ];

    private static object? Maybe(Random random, object value) => random.Next(4) == 0 ? null : value;

    private static double Double(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => -0.0,
        2 => double.PositiveInfinity,
        _ => random.Next(-30, 30) / 10.0,
    };

    /// <summary>True bounds, some of them looser than they need be, some left out.</summary>
    private static TableStats Describe(object?[][] rows, Random random)
    {
        TableStats stats = new(random.Next(5) == 0 ? -1 : rows.Length);
        for (int column = 0; column < Schema.Fields.Count; column++)
        {
            object[] values = [.. rows.Select(row => row[column]).OfType<object>()];
            bool hidesNaN = random.Next(4) > 0;
            object[] counted = [.. values.Where(value => !hidesNaN || value is not double.NaN)];
            Array.Sort(counted, Order);
            object? minimum = counted.Length == 0 || random.Next(6) == 0 ? null : counted[0];
            object? maximum = counted.Length == 0 || random.Next(6) == 0 ? null : counted[^1];
            if (maximum is string text && random.Next(2) == 0)
            {
                maximum = text + "\uFFFF"; // As a truncated bound: above the value.
            }

            if (random.Next(7) > 0)
            {
                long nullCount = random.Next(5) == 0 ? -1 : rows.Length - values.Length;
                stats[Schema.Fields[column].Name] = new ColumnBounds(minimum, maximum, nullCount, hidesNaN);
            }
        }

        return stats;
    }

    private static int Order(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (double a, double b) when double.IsNaN(a) || double.IsNaN(b) => double.IsNaN(a).CompareTo(double.IsNaN(b)),
        _ => ((IComparable)left).CompareTo(right),
    };

    private static string Condition(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            return random.Next(3) switch
            {
                0 => $"({Condition(random, depth - 1)} AND {Condition(random, depth - 1)})",
                1 => $"({Condition(random, depth - 1)} OR {Condition(random, depth - 1)})",
                _ => $"NOT ({Condition(random, depth - 1)})",
            };
        }

        (string column, Func<string> constant) = random.Next(7) switch
        {
            0 => ((string, Func<string>))("i", () => Pick(
                random, "-2", "0", "1", "2L", "1.5", "-0.5BD", "2.5D", "NULL", "3", "-1e30BD")),
            1 => ("l", () => Pick(random, "-2", "0", "1L", "1.25", "9223372036854775807", "NULL", "1e30BD", "d", "i")),
            2 => ("d", () => Pick(random, "-2", "0", "-0.0D", "1.5", "double('NaN')", "2.9D", "NULL", "c", "i")),
            3 => ("s", () => $"'{Pick(random, Texts)}'"),
            4 => ("c", () => Pick(random, "-2", "0.01", "1.555", "2.5D", "NULL", "i", "l", "-3.00")),
            5 => ("day", () => Pick(
                random, "DATE '2023-01-01'", "'2022-06-01'", "TIMESTAMP_NTZ '2023-03-01 12:00:00'", "ntz", "NULL")),
            _ => ("ntz", () => Pick(
                random, "DATE '2023-01-01'", "TIMESTAMP '2023-03-01 00:00:01'", "TIMESTAMP_NTZ '2022-07-01'", "day")),
        };
        string other = random.Next(2) == 0 ? column : "y";
        column = column == "i" ? other : column;
        return random.Next(12) switch
        {
            0 => $"{column} IS NULL",
            1 => $"{column} IS NOT NULL",
            2 => $"{column} BETWEEN {constant()} AND {constant()}",
            3 => $"{column} IN ({constant()}, {constant()})",
            4 => $"{column} <=> {constant()}",
            5 => Pick(random, "b", "b IS TRUE", "b = false", "b IS NOT FALSE", "TRUE", "NULL", "b <> b"),
            6 => $"s LIKE '{Pick(random, "a%", "ab", "%b", "a_%", "b%", "", "\U0001F600%", "\uFFFD%", "z_")}'",
            7 => $"year(day) {Pick(random, "=", "<", ">")} {Pick(random, "2022", "2023", "2024")}",
            8 => $"{constant()} {Operator(random)} {column}",
            _ => $"{column} {Operator(random)} {constant()}",
        };
    }

    private static string Operator(Random random) => Pick(random, "=", "<>", "<", "<=", ">", ">=");

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
