using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;
using Polder.Expressions.Syntax;
using Xunit;

namespace Polder.Tests.Expressions;

/// <summary>Types, nullability and analysis errors against what Spark recorded.</summary>
public sealed class AnalysisCorpusTests
{
    /// <summary>Cases that were decided and agreed when this was last raised; it may only grow.</summary>
    private const int AgreedFloor = 7653;

    [Fact]
    public void Types_and_errors_are_Sparks()
    {
        int agreed = 0;
        int refused = 0;
        int parametersAgreed = 0;
        int parametersCompared = 0;
        List<string> wrong = [];
        List<string> wrongParameters = [];
        foreach (EvaluationCase test in EvaluationCases.Read())
        {
            Outcome outcome = Analyze(test.Sql);
            if (outcome.Error?.Condition == QueryException.Unsupported)
            {
                refused++;
            }
            else if (Mismatch(test, outcome) is { } mismatch)
            {
                wrong.Add($"{test.Id} | {test.Sql} | {mismatch}");
            }
            else
            {
                agreed++;
                if (outcome.Error is not null)
                {
                    parametersCompared++;
                    string differences = ParameterDifferences(test.Error!, outcome.Error);
                    parametersAgreed += differences.Length == 0 ? 1 : 0;
                    if (differences.Length > 0)
                    {
                        wrongParameters.Add($"{test.Id} | {test.Sql} | {differences}");
                    }
                }
            }
        }

        Counted.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"analysis of Spark's evaluations: agreed {agreed}, wrong {wrong.Count}, refused {refused}; " +
            $"error parameters equal in {parametersAgreed} of {parametersCompared}"));
        string report = Path.Combine(AppContext.BaseDirectory, "analysis-differences.txt");
        File.WriteAllLines(report, [.. wrong, "", .. wrongParameters]);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(100)));
        Assert.True(agreed >= AgreedFloor, string.Create(CultureInfo.InvariantCulture, $"only {agreed} agreed"));
    }

    private static Outcome Analyze(string sql)
    {
        try
        {
            return new Outcome(ExpressionAnalyzer.Analyze(ExpressionParser.Parse(sql), new NoColumns()), null);
        }
        catch (QueryException exception)
        {
            return new Outcome(null, exception);
        }
    }

    private static string? Mismatch(EvaluationCase test, Outcome outcome)
    {
        if (test.Type is null)
        {
            return outcome.Error is null
                ? $"{outcome.Expression!.Type}, should fail with {test.Error?.Condition}"
                : outcome.Error.Condition == test.Error?.Condition &&
                    outcome.Error.SqlState == (test.Error?.SqlState ?? "")
                    ? null
                    : $"{outcome.Error.Condition}, should be {test.Error?.Condition}";
        }

        if (outcome.Error is not null)
        {
            return $"{outcome.Error.Condition} {outcome.Error.Message}, should be {test.Type}";
        }

        Expression expression = outcome.Expression!;
        return expression.Type.ToString() != test.Type ? $"{expression.Type}, should be {test.Type}"
            : expression.Nullable != test.Nullable ? $"nullable {expression.Nullable}, should be {test.Nullable}"
            : null;
    }

    private static string ParameterDifferences(EvaluationError recorded, QueryException raised) => string.Join(
        "; ",
        recorded.Parameters
            .Where(parameter => raised.Parameters.GetValueOrDefault(parameter.Key) != parameter.Value)
            .Select(parameter =>
                $"{parameter.Key}: {raised.Parameters.GetValueOrDefault(parameter.Key)} for {parameter.Value}"));

    private sealed record Outcome(Expression? Expression, QueryException? Error);

    /// <summary>As in SELECT without FROM: no columns, aggregates allowed.</summary>
    private sealed class NoColumns : INameScope
    {
        private readonly StructScope _empty = new(DataType.Struct());

        public bool AllowsAggregates => true;

        public IReadOnlyList<IReadOnlyList<string>> Candidates => _empty.Candidates;

        public Expression? Resolve(IReadOnlyList<string> parts, TextSpan span) => _empty.Resolve(parts, span);

        public Literal? ResolveParameter(string name) => null;

        public Expression? AnalyzeForeign(SyntaxNode node, ExpressionAnalyzer analyzer) => null;
    }
}
