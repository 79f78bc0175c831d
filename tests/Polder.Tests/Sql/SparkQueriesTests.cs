using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Sql;
using Polder.Sql.Planning;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>Queries whose answers were recorded from real Spark, over the tables they were recorded with.</summary>
public sealed class SparkQueriesTests(SparkTables tables, ITestOutputHelper output) : IClassFixture<SparkTables>
{
    // May only grow.
    private const int RightAtLeast = 1003;

    [Fact]
    public async Task Every_recorded_query_gives_Sparks_answer_or_is_refused_by_name()
    {
        SqlSession session = tables.Session();
        List<string> wrong = [];
        Dictionary<string, int> refused = [];
        int right = 0;
        foreach (JsonNode query in Queries())
        {
            (Verdict verdict, string detail) = await JudgeAsync(session, query);
            if (verdict == Verdict.Right)
            {
                right++;
            }
            else if (verdict == Verdict.Refused)
            {
                refused[detail] = refused.GetValueOrDefault(detail) + 1;
            }
            else
            {
                wrong.Add($"{query["id"]}: {query["sql"]}\n    {detail}");
            }
        }

        Counted.Say($"Spark's queries: {right} right, {refused.Values.Sum()} refused, {wrong.Count} wrong");
        output.WriteLine(string.Join('\n', refused.OrderByDescending(pair => pair.Value).Select(
            pair => $"  {pair.Value} {pair.Key}")));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right >= RightAtLeast, $"{right} right, at least {RightAtLeast} before");
    }

    [Theory]
    [InlineData(nameof(OptimizerRules.FoldConstants))]
    [InlineData(nameof(OptimizerRules.FactorDisjunctions))]
    [InlineData(nameof(OptimizerRules.PushFilters))]
    [InlineData(nameof(OptimizerRules.StrengthenJoins))]
    [InlineData(nameof(OptimizerRules.InferConditions))]
    [InlineData(nameof(OptimizerRules.OrderJoins))]
    [InlineData(nameof(OptimizerRules.PruneColumns))]
    [InlineData(nameof(OptimizerRules.All))]
    public async Task No_answer_depends_on_a_rule_of_the_optimiser(string rule)
    {
        SqlSession session = tables.Session(OptimizerRules.All & ~Enum.Parse<OptimizerRules>(rule));
        List<string> wrong = [];
        foreach (JsonNode query in Queries().Where(query => query["error"] is null))
        {
            (Verdict verdict, string detail) = await JudgeAsync(session, query);
            if (verdict == Verdict.Wrong)
            {
                wrong.Add($"{query["id"]}: {query["sql"]}\n    {detail}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<JsonNode> Queries() => File
        .ReadLines(Corpus.Path("corpus", "spark-sql", "queries.ndjson")).Select(line => JsonNode.Parse(line)!);

    private async Task<(Verdict Verdict, string Detail)> JudgeAsync(SqlSession session, JsonNode query)
    {
        string sql = (string)query["sql"]!;
        string? expectedError = (string?)query["error"]?["condition"];
        try
        {
            SqlAnswer answer = await SqlAnswer.OfAsync(session, sql);
            if (query["error"] is not null)
            {
                return (Verdict.Wrong, $"an answer where {expectedError} is expected");
            }

            string? difference = answer.DifferenceFrom(
                query["schema"]!.AsArray(),
                query["rows"]!.AsArray(),
                (bool?)query["ordered"] ?? false,
                (bool?)query["approx"] == true ? 1e-9 : 0);
            return (difference is null ? Verdict.Right : Verdict.Wrong, difference ?? "");
        }
        catch (QueryException exception) when (exception.Condition == QueryException.Unsupported)
        {
            return (Verdict.Refused, exception.Message);
        }
        catch (QueryException exception) when (
            exception.Condition == "TABLE_OR_VIEW_NOT_FOUND" && tables.Missing.Any(sql.Contains))
        {
            return (Verdict.Refused, "a table that cannot be made yet");
        }
        catch (QueryException exception)
        {
            return exception.Condition == expectedError
                ? (Verdict.Right, "")
                : (Verdict.Wrong, $"{exception.Condition} ({exception.Message}), expected {expectedError ?? "rows"}");
        }
        catch (Exception exception)
        {
            return (Verdict.Wrong, $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace}");
        }
    }

    private enum Verdict
    {
        Right,
        Refused,
        Wrong,
    }
}
