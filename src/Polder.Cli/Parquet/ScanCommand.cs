using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Output;
using Polder.Files;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet scan FILE</c>: decodes everything, prints how long it took.</summary>
internal static class ScanCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = ParquetCommand.File();
        Option<int> repeat = new("--repeat")
        {
            Description = "How many times.", HelpName = "N", DefaultValueFactory = _ => 1,
        };
        Option<int> threads = new("--threads")
        {
            Description = "Jobs at once; 0 = one per processor.", HelpName = "T",
        };
        Option<string[]> columns = ReadCommand.ColumnsOption();
        Option<string> where = CommonOptions.Where();
        Option<string> format = CommonOptions.Format("text for a person, json for a program", "text", "json");
        Command command = new("scan", "Decode all rows without printing them, and say how long it took.")
        {
            file, repeat, threads, columns, where, format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            parsed.GetValue(file)!,
            parsed.GetValue(repeat),
            new EngineOptions { Parallelism = parsed.GetValue(threads) },
            CommonOptions.SplitList(parsed.GetValue(columns)),
            parsed.GetValue(where),
            parsed.GetValue(format) ?? (terminal.IsOutputTerminal ? "text" : "json"),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        string path,
        int repeatCount,
        EngineOptions engineOptions,
        IReadOnlyList<string>? columns,
        string? where,
        string format,
        CancellationToken cancellationToken)
    {
        if (repeatCount < 1)
        {
            throw new UsageException("--repeat takes a number from 1");
        }

        Engine engine = new(engineOptions);
        (ParquetReadOptions options, IReadOnlyList<RowGroupPruning>? pruning) = await PlanAsync(
            engine, path, columns, where, cancellationToken).ConfigureAwait(false);
        List<double> milliseconds = [];
        long rowCount = 0;
        long byteCount = 0;
        for (int round = 0; round < repeatCount; round++)
        {
            long started = engine.Time.GetTimestamp();
            (rowCount, byteCount) = await ScanAsync(engine, path, options, cancellationToken).ConfigureAwait(false);
            milliseconds.Add(engine.Time.GetElapsedTime(started).TotalMilliseconds);
        }

        string times = string.Join(
            ", ", milliseconds.Select(time => time.ToString("F1", CultureInfo.InvariantCulture)));
        string pruned = format == "json" ? PruningText.ToJson(pruning) : PruningText.ToText(pruning);
        await terminal.Text.WriteLineAsync(format == "json"
            ? string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"rows":{{rowCount}},"bytes":{{byteCount}},"milliseconds":[{{times}}]{{pruned}}}""")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{rowCount:N0} rows, {ByteText.Of(byteCount)} in memory; {times} ms{pruned}")).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<(ParquetReadOptions Options, IReadOnlyList<RowGroupPruning>? Pruning)> PlanAsync(
        Engine engine, string path, IReadOnlyList<string>? columns, string? where, CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await ParquetCommand.OpenAsync(engine, path, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return (
                ParquetCommand.Choose(reader, columns, where),
                await ParquetCommand.ExplainAsync(reader, columns, where, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<(long RowCount, long ByteCount)> ScanAsync(
        Engine engine, string path, ParquetReadOptions options, CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await ParquetCommand.OpenAsync(engine, path, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            long rowCount = 0;
            long byteCount = 0;
            await foreach (RecordBatch batch in reader.ReadAsync(options, cancellationToken).ConfigureAwait(false))
            {
                rowCount += batch.Length;
                byteCount += batch.Arrays.Sum(array => SizeOf(array.Data));
            }

            return (rowCount, byteCount);
        }
    }

    private static long SizeOf(ArrayData data) =>
        data.Buffers.Sum(buffer => (long)buffer.Length) +
        (data.Children?.Sum(SizeOf) ?? 0) +
        (data.Dictionary is null ? 0 : SizeOf(data.Dictionary));
}
