using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Polder.Sql;
using Polder.Sql.Planning;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>TPC-H at scale factor 0.1 over Delta tables, against the answers of Spark.</summary>
public sealed class TpchTests(TpchTables tables, ITestOutputHelper output) : IClassFixture<TpchTables>
{
    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, 22)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_query_gives_Sparks_answer(int number)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string? difference = await DifferenceAsync(tables.Session(), number);
        output.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.Null(difference);
    }

    [Theory]
    [InlineData(nameof(OptimizerRules.FoldConstants))]
    [InlineData(nameof(OptimizerRules.FactorDisjunctions))]
    [InlineData(nameof(OptimizerRules.StrengthenJoins))]
    [InlineData(nameof(OptimizerRules.InferConditions))]
    [InlineData(nameof(OptimizerRules.OrderJoins))]
    [InlineData(nameof(OptimizerRules.PruneColumns))]
    public async Task No_answer_depends_on_a_rule_of_the_optimiser(string rule)
    {
        SqlSession session = tables.Session(OptimizerRules.All & ~Enum.Parse<OptimizerRules>(rule));

        // Without OR factoring 19 is a cross product.
        foreach (int number in rule == nameof(OptimizerRules.FactorDisjunctions) ? [3, 5] : (int[])[3, 5, 14, 19])
        {
            Assert.Null(await DifferenceAsync(session, number));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Answers_do_not_depend_on_the_number_of_workers(int workers)
    {
        SqlSession session = tables.Session(engine: new Engine(new EngineOptions { Parallelism = workers }));
        foreach (int number in (int[])[1, 5, 13, 18])
        {
            Assert.Null(await DifferenceAsync(session, number));
        }
    }

    private static async Task<string?> DifferenceAsync(SqlSession session, int number)
    {
        string sql = File.ReadAllText(Corpus.Path("data", "tpch-sf0.1", "queries", $"q{number:00}.sql"));
        JsonNode schemas = JsonNode.Parse(
            File.ReadAllText(Corpus.Path("data", "tpch-sf0.1", "queries", "schemas.json")))!;
        JsonArray schema = schemas["queries"]![$"q{number:00}"]!.AsArray();
        JsonArray rows = [];
        foreach (string line in File.ReadLines(Corpus.Path("data", "tpch-sf0.1", "queries", $"q{number:00}.ndjson")))
        {
            rows.Add((JsonNode)new JsonArray([.. JsonNode.Parse(line)!.AsObject().Select(
                field => field.Value?.DeepClone())]));
        }

        return (await SqlAnswer.OfAsync(session, sql)).DifferenceFrom(schema, rows, ordered: true, 0);
    }
}
