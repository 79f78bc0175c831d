using System.Diagnostics;
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
    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, 99)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_query_gives_Sparks_answer_or_is_refused_by_name(int number)
    {
        string path = Corpus.Path("data", "tpcds-sf0.01", "queries", $"q{number:00}.sql");
        JsonArray schema = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(path, ".schema.json")))!.AsArray();
        JsonArray rows = [];
        foreach (string line in File.ReadLines(Path.ChangeExtension(path, ".ndjson")))
        {
            rows.Add((JsonNode)new JsonArray([.. JsonNode.Parse(line)!.AsObject().Select(
                field => field.Value?.DeepClone())]));
        }

        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            SqlAnswer answer = await SqlAnswer.OfAsync(tables.Session(), File.ReadAllText(path));
            output.WriteLine($"{watch.ElapsedMilliseconds} ms, {answer.Rows.Count} rows");
            Assert.Null(answer.DifferenceFrom(schema, rows, ordered: false, 1e-12));
        }
        catch (QueryException exception) when (exception.Condition == QueryException.Unsupported)
        {
            output.WriteLine(exception.Message);
        }
    }
}
