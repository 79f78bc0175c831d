using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Xunit;

namespace Polder.Tests.Expressions;

/// <summary>
/// What expressions evaluate to, against what Spark recorded: as constants, and as columns with nulls.
/// </summary>
public sealed class EvaluationTests(ITestOutputHelper output)
{
    /// <summary>Cases that agreed when this was last raised; it may only grow.</summary>
    private const int AgreedFloor = 6900;

    /// <summary>Cases that are known to differ, and why.</summary>
    private static readonly Dictionary<string, string> KnownDifferences = new()
    {
        ["datetime/zones/0166"] = "TimeZoneInfo rounds the offsets of local mean time to minutes",
        ["datetime/zones/0191"] = "TimeZoneInfo rounds the offsets of local mean time to minutes",
        ["decimal-text/0023"] = "Java 17 prints 1e23 as 9.999999999999999E22; the shortest text is 1.0E23",
    };

    private static readonly RecordBatch OneRow = new(new Schema([], null), [], 1);

    [Fact]
    public void Values_and_errors_are_Sparks()
    {
        Tally tally = new();
        foreach (EvaluationCase test in EvaluationCases.Read())
        {
            if (Analyze(test) is not { } expression)
            {
                continue;
            }

            Outcome outcome = EvaluateUnfolded(expression);
            string? mismatch = Mismatch(test, outcome, expression);
            if (!KnownDifferences.ContainsKey(test.Id))
            {
                tally.Add(test, mismatch);
            }
            else if (mismatch is null)
            {
                tally.Add(test, "agrees, so it is no known difference any more");
            }
        }

        tally.Report(output, "evaluation-differences.txt");
        Assert.True(tally.Wrong.Count == 0, string.Join('\n', tally.Wrong.Take(60)));
        Assert.True(tally.Agreed >= AgreedFloor, $"only {tally.Agreed} agreed");
    }

    [Fact]
    public void Folded_expressions_give_the_same()
    {
        Tally tally = new();
        foreach (EvaluationCase test in EvaluationCases.Read())
        {
            if (Analyze(test) is not { } expression)
            {
                continue;
            }

            Outcome folded = Outcome.Of(() => Evaluator.Create(expression).Evaluate(OneRow));
            tally.Add(test, EvaluateUnfolded(expression).DifferenceFrom(folded, expression.Type));
        }

        tally.Report(output, "folding-differences.txt");
        Assert.True(tally.Wrong.Count == 0, string.Join('\n', tally.Wrong.Take(60)));
    }

    [Fact]
    public void Columns_give_what_constants_give()
    {
        Tally tally = new();
        foreach (EvaluationCase test in EvaluationCases.Read())
        {
            if (Analyze(test) is { } expression)
            {
                tally.Add(test, ColumnForms.FirstDifference(expression));
            }
        }

        tally.Report(output, "column-differences.txt");
        Assert.True(tally.Wrong.Count == 0, string.Join('\n', tally.Wrong.Take(60)));
    }

    private static Outcome EvaluateUnfolded(Expression expression) =>
        Outcome.Of(() => Evaluator.CreateUnfolded(expression, EvaluationContext.Default).Evaluate(OneRow));

    private static Expression? Analyze(EvaluationCase test)
    {
        if (test.Type is null)
        {
            return null;
        }

        try
        {
            return ExpressionAnalyzer.Analyze(test.Sql, DataType.Struct());
        }
        catch (QueryException)
        {
            return null;
        }
    }

    private static string? Mismatch(EvaluationCase test, Outcome outcome, Expression expression)
    {
        if (outcome.Error?.Condition == QueryException.Unsupported)
        {
            return $"refused: {outcome.Error.Message}";
        }

        if (test.Error is not null)
        {
            if (outcome.Error is null)
            {
                return $"expected {test.Error.Condition}, got {outcome.Text(expression.Type)}";
            }

            if (test.Error.Condition is null)
            {
                return null;
            }

            if (test.Error.Condition != outcome.Error.Condition || test.Error.SqlState != outcome.Error.SqlState)
            {
                return $"expected {test.Error.Condition}, got {outcome.Error.Condition}: {outcome.Error.Message}";
            }

            IReadOnlyDictionary<string, string> parameters = outcome.Error.Parameters;
            string differences = string.Join("; ", test.Error.Parameters
                .Where(expected => parameters.GetValueOrDefault(expected.Key) != expected.Value)
                .Select(expected =>
                    $"{expected.Key}: expected {expected.Value}, got {parameters.GetValueOrDefault(expected.Key)}"));
            return differences.Length == 0 ? null : differences;
        }

        if (outcome.Error is not null)
        {
            return $"expected {test.Value}, got {outcome.Error.Condition}: {outcome.Error.Message}";
        }

        object? value = ColumnValues.Get(outcome.Array!, 0, expression.Type);
        bool matches = RecordedValue.Matches(test.Value!.Value, value, expression.Type, outcome.Array!);
        return matches || test.Note is not null ? null : $"expected {test.Value}, got {outcome.Text(expression.Type)}";
    }

    private sealed class Tally
    {
        private readonly SortedDictionary<string, (int Agreed, int Wrong)> _groups = new(StringComparer.Ordinal);

        public int Agreed { get; private set; }

        private int AgreedErrors { get; set; }

        public List<string> Wrong { get; } = [];

        public void Add(EvaluationCase test, string? mismatch)
        {
            (int agreed, int wrong) = _groups.GetValueOrDefault(test.Group);
            _groups[test.Group] = mismatch is null ? (agreed + 1, wrong) : (agreed, wrong + 1);
            Agreed += mismatch is null ? 1 : 0;
            AgreedErrors += mismatch is null && test.Error is not null ? 1 : 0;
            if (mismatch is not null)
            {
                Wrong.Add($"{test.Id} | {test.Sql} | {mismatch}");
            }
        }

        public void Report(ITestOutputHelper output, string fileName)
        {
            Counted.Say(
                $"evaluations ({fileName}): {Agreed} agreed, of them errors {AgreedErrors}, wrong {Wrong.Count}");
            foreach ((string group, (int agreed, int wrong)) in _groups)
            {
                output.WriteLine($"{group}: {agreed} agreed, {wrong} wrong");
            }

            File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, fileName), Wrong);
        }
    }
}
