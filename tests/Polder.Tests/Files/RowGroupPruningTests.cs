using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>A row group is skipped only where no row of it satisfies the predicate.</summary>
public sealed class RowGroupPruningTests
{
    private readonly ITestOutputHelper _output;

    public RowGroupPruningTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData("date >= TIMESTAMP '2001-03-01' AND date < TIMESTAMP '2001-03-02'", 9)]
    [InlineData("date < TIMESTAMP '2000-12-31'", 11)]
    [InlineData("date IS NULL", 11)]
    [InlineData("NOT (date >= TIMESTAMP '2001-02-01')", 8)]
    [InlineData("origin = 'SEA' OR date > TIMESTAMP '2001-06-30'", 0)]
    [InlineData("distance < 0", 11)]
    [InlineData("delay > 100", 0)]
    public async Task Flights_are_skipped_by_row_group(string predicate, int leastSkipped) =>
        await CheckAsync(Corpus.Path("data", "flights-3m.parquet"), predicate, leastSkipped);

    [Theory]
    [InlineData("l_orderkey < 0")]
    [InlineData("l_shipdate > DATE '2000-01-01'")]
    [InlineData("l_comment < ' '")]
    [InlineData("l_extendedprice < 0.00")]
    [InlineData("l_returnflag = 'B'")]
    public async Task Line_items_of_no_value_there_is_are_skipped(string predicate) =>
        await CheckAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"), predicate, 0);

    private async Task CheckAsync(string file, string predicate, int leastSkipped)
    {
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            new Engine(), new LocalStore(Path.GetDirectoryName(file)!), new StorePath(Path.GetFileName(file)));
        Expression condition = ExpressionAnalyzer.AnalyzeCondition(predicate, reader.Footer.Schema.ToDataType());
        Evaluator evaluator = Evaluator.Create(condition);
        Dictionary<int, PruneReason> skipped = [];
        ParquetReadOptions options = new()
        {
            Predicate = condition,
            RowGroupSkipped = skipped.Add,
        };
        long matching = await CountAsync(reader, options, evaluator);
        foreach ((int rowGroup, PruneReason _) in skipped)
        {
            long missed = await CountAsync(reader, new ParquetReadOptions { RowGroups = [rowGroup] }, evaluator);
            Assert.Equal(0, missed);
        }

        int rowGroupCount = reader.Footer.RowGroups.Count;
        _output.WriteLine($"{matching} rows match, {skipped.Count} of {rowGroupCount} row groups skipped");
        Assert.InRange(skipped.Count, leastSkipped, rowGroupCount);
    }

    private static async Task<long> CountAsync(
        ParquetFileReader reader, ParquetReadOptions options, Evaluator evaluator)
    {
        long count = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            count += evaluator.Filter(batch).Count;
        }

        return count;
    }
}
