using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli;
using Polder.Cli.Output;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Cli.Output;

public sealed class LoadProgressTests
{
    [Theory]
    [InlineData(true, "\r1,000 rows, 1,000 rows/s, 10 %, 0:09 left\u001b[K\r2,000 rows, 1,000 rows/s, 20 %, 0:08 left")]
    [InlineData(false, "")]
    public async Task A_person_sees_rows_rate_and_time_left_and_a_pipe_nothing(bool isTerminal, string expected)
    {
        SecondsClock clock = new();
        StringWriter error = new();
        using Terminal terminal = new(Stream.Null, new MemoryStream(), error, false, isTerminal);
        LoadProgress? progress = null;
        progress = new LoadProgress(terminal, clock, () => progress!.RowCount / 10_000.0);
        await foreach (RecordBatch _ in progress.WatchAsync(Batches(clock, 2)))
        {
            Assert.True(progress.RowCount > 0);
        }

        Assert.StartsWith(expected, error.ToString(), StringComparison.Ordinal);
        progress.Dispose();
        Assert.Equal(isTerminal, error.ToString().EndsWith("\r\u001b[K", StringComparison.Ordinal));
    }

    private static async IAsyncEnumerable<RecordBatch> Batches(SecondsClock clock, int count)
    {
        IArrowArray numbers = Constants.Repeat(1, DataType.Integer, 1000);
        Schema schema = ArrowTypes.ToSchema(DataType.Struct(new StructField("n", DataType.Integer)));
        foreach (int _ in Enumerable.Range(0, count))
        {
            clock.Seconds++;
            yield return new RecordBatch(schema, [numbers], 1000);
        }

        await Task.CompletedTask;
    }

    private sealed class SecondsClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
