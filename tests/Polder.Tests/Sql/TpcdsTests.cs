using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions;
using Polder.Files;
using Polder.Sql;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>The 24 tables of TPC-DS as Delta tables, loaded once from their Parquet files.</summary>
public sealed class TpcdsTables : IAsyncLifetime
{
    private readonly MemoryStore _warehouse = new();

    internal SqlSession Session() => new(new SqlSessionOptions { Warehouse = _warehouse });

    public async ValueTask InitializeAsync()
    {
        string folder = Corpus.Path("data", "tpcds-sf0.01");
        LocalStore store = new(folder);
        foreach (string file in Directory.GetFiles(folder, "*.parquet"))
        {
            await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
                Engine.Default, store, new StorePath(Path.GetFileName(file)));
            StorePath name = new(Path.GetFileNameWithoutExtension(file));
            DeltaTable table = await DeltaTable.CreateAsync(
                new PrefixedStore(_warehouse, name), ArrowTypes.FromSchema(reader.Schema));
            await table.AppendAsync(reader.ReadAsync());
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>TPC-DS at scale factor 0.01 over Delta tables, against the answers of Spark.</summary>
public sealed class TpcdsTests(TpcdsTables tables, ITestOutputHelper output) : IClassFixture<TpcdsTables>
{
    private const int QueryCount = 99;

    // Can only grow.
    private const int RightAtLeast = 76;

    [Fact]
    public async Task Every_query_gives_Sparks_answer_or_is_refused_by_name()
    {
        int right = 0;
        List<string> wrong = [];
        for (int number = 1; number <= QueryCount; number++)
        {
            try
            {
                string? difference = await DifferenceAsync(number);
                right += difference is null ? 1 : 0;
                if (difference is not null)
                {
                    wrong.Add($"query {number}: {difference}");
                }
            }
            catch (QueryException exception) when (exception.Condition == QueryException.Unsupported)
            {
                output.WriteLine($"query {number}: {exception.Message}");
            }
        }

        Counted.Say($"TPC-DS: {right} right, {QueryCount - right - wrong.Count} refused, {wrong.Count} wrong");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right >= RightAtLeast, $"{right} right, at least {RightAtLeast} before");
    }

    private async Task<string?> DifferenceAsync(int number)
    {
        string path = Corpus.Path("data", "tpcds-sf0.01", "queries", $"q{number:00}.sql");
        JsonArray schema = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(path, ".schema.json")))!.AsArray();
        JsonArray rows = [];
        foreach (string line in File.ReadLines(Path.ChangeExtension(path, ".ndjson")))
        {
            rows.Add((JsonNode)new JsonArray([.. JsonNode.Parse(line)!.AsObject().Select(
                field => field.Value?.DeepClone())]));
        }

        SqlAnswer answer = await SqlAnswer.OfAsync(tables.Session(), File.ReadAllText(path));
        return answer.DifferenceFrom(schema, rows, ordered: false, 1e-12);
    }
}
