using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Files;
using Polder.Sql;
using Polder.Sql.Planning;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>The eight tables of TPC-H as Delta tables, loaded once from their Parquet files.</summary>
public sealed class TpchTables : IAsyncLifetime
{
    private static readonly string[] Names =
        ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"];

    private readonly MemoryStore _warehouse = new();

    internal SqlSession Session(OptimizerRules rules = OptimizerRules.All, Engine? engine = null) =>
        new(new SqlSessionOptions { Warehouse = _warehouse, Engine = engine }) { Rules = rules };

    public async ValueTask InitializeAsync()
    {
        LocalStore store = new(Corpus.Path("data", "tpch-sf0.1"));
        foreach (string name in Names)
        {
            await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
                Engine.Default, store, new StorePath($"{name}.parquet"));
            DeltaTable table = await DeltaTable.CreateAsync(
                new PrefixedStore(_warehouse, new StorePath(name)), ArrowTypes.FromSchema(reader.Schema));
            await table.AppendAsync(reader.ReadAsync());
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
