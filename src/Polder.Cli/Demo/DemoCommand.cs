using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Output;
using Polder.Delta;
using Polder.Expressions;
using Polder.Sql;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Polder.Cli.Demo;

/// <summary>
/// <c>demo</c>: the main job in a minute. Makes a table in several commits, queries it, travels in time, shows what
/// was not read, and says what to try next.
/// </summary>
internal static class DemoCommand
{
    private const int DefaultRows = 3_000_000;
    private const int Seed = 2001;
    private const string OneDay = "date >= TIMESTAMP '2001-03-01' AND date < TIMESTAMP '2001-03-02'";

    public static Command Create(Terminal terminal)
    {
        Option<string> directory = new("--dir")
        {
            Description = "Where the table is made; removed and made anew if it is the demo's.",
            HelpName = "D",
            DefaultValueFactory = _ => "polder-demo",
        };
        Option<int> rows = new("--rows")
        {
            Description = "How many rows.", HelpName = "N", DefaultValueFactory = _ => DefaultRows,
        };
        Command command = new("demo", "Make a table, query it, travel in time, see what was not read.")
        {
            directory, rows,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(rows) < FlightGenerator.MonthCount
            ? throw new UsageException($"--rows takes a number from {FlightGenerator.MonthCount}")
            : RunAsync(terminal, parsed.GetValue(directory)!, parsed.GetValue(rows), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string directory, int rowCount, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(directory, "flights");
        await RemoveEarlierDemoAsync(folder, cancellationToken).ConfigureAwait(false);
        DeltaTable table = await LoadAsync(terminal, folder, rowCount, cancellationToken).ConfigureAwait(false);

        SqlSession session = new(new SqlSessionOptions { WarehousePath = directory });
        Say(terminal, "Which airports are worst?");
        await QueryAsync(
            terminal,
            session,
            "SELECT origin, count(*) AS flights, cast(avg(delay) AS DECIMAL(5,1)) AS delay FROM flights " +
            "GROUP BY origin ORDER BY delay DESC LIMIT 5",
            cancellationToken).ConfigureAwait(false);

        Say(terminal, "Every commit is a version that can still be read:");
        await QueryAsync(
            terminal,
            session,
            "SELECT 'version 2' AS table_as_of, count(*) AS flights, max(date) AS last FROM flights VERSION AS OF 2 " +
            "UNION ALL SELECT 'now', count(*), max(date) FROM flights",
            cancellationToken).ConfigureAwait(false);

        Say(terminal, $"One day needs one file, and not all of it. WHERE {OneDay}:");
        await PruneAsync(terminal, table, cancellationToken).ConfigureAwait(false);

        Say(terminal, "Try next:");
        await terminal.Text.WriteLineAsync($"""
              ./polder sql "SELECT destination, count(*) FROM flights GROUP BY 1" --warehouse {directory}
              ./polder files {folder} --where "delay > 100"
              ./polder history {folder}
              ./polder read {folder} --version 1 --where "origin = 'SEA'" --limit 5
              ./polder describe {folder}
            """).ConfigureAwait(false);
        return ExitCode.Done;
    }

    // Only what an earlier demo made is removed: somebody's own table of that name is not.
    private static async Task RemoveEarlierDemoAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        bool isOurs = false;
        try
        {
            DeltaTable table = await DeltaTable.OpenAsync(folder, cancellationToken).ConfigureAwait(false);
            Snapshot snapshot = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
            isOurs = snapshot.Name == "polder-demo";
        }
        catch (TableNotFoundException)
        {
            // Another folder of that name.
        }

        if (!isOurs)
        {
            throw new UsageException($"{folder} exists and was not made by a demo; choose another --dir");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<DeltaTable> LoadAsync(
        Terminal terminal, string folder, int rowCount, CancellationToken cancellationToken)
    {
        Say(terminal, string.Create(
            CultureInfo.InvariantCulture,
            $"{rowCount:N0} flights into {folder}, partitioned by month, one commit a month:"));
        TableOptions options = new() { Name = "polder-demo", PartitionBy = ["month(date)"] };
        DeltaTable table = await DeltaTable.CreateAsync(
            folder, FlightGenerator.Schema, options, cancellationToken: cancellationToken).ConfigureAwait(false);
        FlightGenerator generator = new(Seed);
        long started = Engine.Default.Time.GetTimestamp();
        for (int month = 0; month < FlightGenerator.MonthCount; month++)
        {
            int monthRows = (rowCount / FlightGenerator.MonthCount) +
                (month < rowCount % FlightGenerator.MonthCount ? 1 : 0);
            using LoadProgress progress = new(terminal, Engine.Default.Time, () => null);
            CommitResult result = await table.AppendAsync(
                progress.WatchAsync(ToAsync(generator.Month(month, monthRows), cancellationToken), cancellationToken),
                cancellationToken: cancellationToken).ConfigureAwait(false);
            progress.Dispose();
            await terminal.Text.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"  version {result.Version}: {result.RowsAdded:N0} rows, {ByteText.Of(result.BytesAdded)}"))
                .ConfigureAwait(false);
            await terminal.Text.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        double seconds = Engine.Default.Time.GetElapsedTime(started).TotalSeconds;
        await terminal.Text.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"  {seconds:F1} s, {rowCount / seconds:N0} rows/s")).ConfigureAwait(false);
        return table;
    }

    private static async Task QueryAsync(
        Terminal terminal, SqlSession session, string sql, CancellationToken cancellationToken)
    {
        await terminal.Text.WriteLineAsync($"  {sql}").ConfigureAwait(false);
        long started = Engine.Default.Time.GetTimestamp();
        await foreach (StatementResult result in session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false))
        {
            await RowOutput.WriteAsync(
                terminal, result.Schema, result.Batches, new RowSettings("table", null, null), cancellationToken)
                .ConfigureAwait(false);
        }

        double milliseconds = Engine.Default.Time.GetElapsedTime(started).TotalMilliseconds;
        await terminal.Text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {milliseconds:F0} ms"))
            .ConfigureAwait(false);
    }

    private static async Task PruneAsync(Terminal terminal, DeltaTable table, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        TableScan scan = snapshot.Scan().Where(ExpressionAnalyzer.Analyze(OneDay, snapshot.Schema));
        Table files = new() { Border = TableBorder.Rounded };
        files.AddColumns("file of", "size", "skipped by");
        foreach (ScannedFile file in scan.ListFiles())
        {
            files.AddRow(
                new Text(string.Join(", ", file.File.PartitionValues.Select(pair => $"{pair.Key}={pair.Value}"))),
                new Text(ByteText.Of(file.File.SizeBytes)),
                new Text(file.SkippedBy is null ? "- (read)" : $"{file.SkippedBy}({file.Columns})"));
        }

        terminal.OpenConsole().Write(files);
        long rowCount = 0;
        await foreach (RecordBatch batch in scan.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            rowCount += batch.Length;
        }

        long skipped = scan.ListFiles().Where(file => file.SkippedBy is not null).Sum(file => file.File.SizeBytes);
        await terminal.Text.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {rowCount:N0} rows found, {ByteText.Of(skipped)} of {ByteText.Of(snapshot.SizeBytes)} not opened"))
            .ConfigureAwait(false);
    }

    private static void Say(Terminal terminal, string text)
    {
        terminal.Text.WriteLine();
        terminal.OpenConsole().Write(new Text(text, new Style(decoration: Decoration.Bold)));
        terminal.Text.WriteLine();
    }

    private static async IAsyncEnumerable<RecordBatch> ToAsync(
        IEnumerable<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (RecordBatch batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
