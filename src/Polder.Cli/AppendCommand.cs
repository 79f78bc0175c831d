using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Input;
using Polder.Cli.Output;
using Polder.Columns;
using Polder.Delta;
using Polder.Formats;

namespace Polder.Cli;

/// <summary>
/// <c>append TABLE FILE…</c> and <c>overwrite TABLE FILE…</c>: all files in one version, making the table where there
/// is none.
/// </summary>
internal static class AppendCommand
{
    public static Command CreateAppend(Terminal terminal) => Create(
        terminal, "append", "Add the rows of files to a table, making it if there is none.", replacesAll: false);

    public static Command CreateOverwrite(Terminal terminal) => Create(
        terminal, "overwrite", "Replace a table's rows by those of files; older versions stay.", replacesAll: true);

    private static Command Create(Terminal terminal, string name, string description, bool replacesAll)
    {
        Argument<string> table = CommonOptions.Table();
        Argument<string[]> files = new("FILE")
        {
            Description = "Files: parquet, csv, tsv, json, ndjson or arrow; - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> format = new("--input-format")
        {
            Description = "The files' format, where their names do not say it.", HelpName = "FORMAT",
        };
        format.AcceptOnlyFromAmong("parquet", "csv", "tsv", "json", "ndjson", "arrow");
        Option<string> schema = CreateCommand.SchemaOption();
        Option<string[]> partitionBy = CreateCommand.PartitionByOption();
        Option<string> mode = new("--schema-mode")
        {
            Description = "strict refuses other columns than the table's, merge adds them.",
            HelpName = "strict|merge",
            DefaultValueFactory = _ => "strict",
        };
        mode.AcceptOnlyFromAmong("strict", "merge");
        Command command = new(name, description) { table, files, format, schema, partitionBy, mode };
        Option<string>? where = replacesAll ? CommonOptions.Where() : null;
        if (where is not null)
        {
            command.Add(where);
        }

        command.SetAction((parsed, cancellationToken) => where is not null && parsed.GetValue(where) is not null
            ? throw new UnsupportedFeatureException("overwrite --where", "only whole tables are replaced yet")
            : RunAsync(
                terminal,
                new Load(
                    parsed.GetValue(table)!,
                    parsed.GetValue(files)!,
                    parsed.GetValue(format),
                    parsed.GetValue(schema) is string text ? CreateCommand.ParseSchema(text) : null,
                    CommonOptions.SplitList(parsed.GetValue(partitionBy)) ?? [],
                    parsed.GetValue(mode) == "merge" ? SchemaMode.Merge : SchemaMode.Strict,
                    replacesAll),
                cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Load load, CancellationToken cancellationToken)
    {
        DeltaTable? table = await FindAsync(load.Table, cancellationToken).ConfigureAwait(false);

        // A text file has no types of its own: where there is a table, its columns are read as the table has them, and
        // whether others are welcome is for the table to say.
        DataType? known = load.Schema ?? (table is null
            ? null
            : (await table.SnapshotAsync(cancellationToken).ConfigureAwait(false)).InputSchema);
        UnknownColumns unknown = load.Schema is null && table is not null
            ? UnknownColumns.Infer
            : UnknownColumns.Refuse;
        List<InputFile> inputs = [];
        try
        {
            foreach (string file in load.Files)
            {
                inputs.Add(await InputFile.OpenAsync(terminal, file, load.Format, known, unknown, cancellationToken)
                    .ConfigureAwait(false));

                // What the first file is inferred to be, the others must be too.
                known ??= inputs[0].Schema;
            }

            using LoadProgress progress = new(terminal, Engine.Default.Time, () => Share(inputs));
            IAsyncEnumerable<RecordBatch> batches = progress.WatchAsync(
                ReadAllAsync(inputs, cancellationToken), cancellationToken);
            bool isNew = table is null;
            CommitResult result = await WriteAsync(table, load, inputs[0].Schema, batches, cancellationToken)
                .ConfigureAwait(false);
            progress.Dispose();
            await terminal.Text.WriteLineAsync(Summary(load, result, isNew, progress)).ConfigureAwait(false);
            return ExitCode.Done;
        }
        finally
        {
            foreach (InputFile input in inputs)
            {
                await input.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<CommitResult> WriteAsync(
        DeltaTable? table,
        Load load,
        DataType schema,
        IAsyncEnumerable<RecordBatch> batches,
        CancellationToken cancellationToken)
    {
        WriteOptions options = new() { SchemaMode = load.SchemaMode };
        if (table is null)
        {
            return await DeltaTable.CreateAsync(
                load.Table,
                schema,
                batches,
                new TableOptions { PartitionBy = load.PartitionBy },
                options,
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        await CheckPartitioningAsync(table, load, cancellationToken).ConfigureAwait(false);
        return load.ReplacesAll
            ? await table.OverwriteAsync(batches, options, cancellationToken).ConfigureAwait(false)
            : await table.AppendAsync(batches, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CheckPartitioningAsync(DeltaTable table, Load load, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        if (load.PartitionBy.Count > 0 && !snapshot.IsPartitionedBy(load.PartitionBy))
        {
            throw new UsageException(
                $"{load.Table} is partitioned by ({string.Join(", ", snapshot.PartitionColumns)}); leave out " +
                "--partition-by, or load into another table");
        }
    }

    private static async Task<DeltaTable?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await DeltaTable.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (TableNotFoundException)
        {
            return null;
        }
    }

    private static double? Share(List<InputFile> inputs)
    {
        double sum = 0;
        foreach (InputFile input in inputs)
        {
            if (input.Progress is not double part)
            {
                return null;
            }

            sum += part;
        }

        return sum / inputs.Count;
    }

    private static async IAsyncEnumerable<RecordBatch> ReadAllAsync(
        List<InputFile> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (InputFile input in inputs)
        {
            await foreach (RecordBatch batch in input.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
    }

    private static string Summary(Load load, CommitResult result, bool isNew, LoadProgress progress)
    {
        if (!result.IsCommitted)
        {
            return $"no rows; {load.Table} stays at version {result.Version}";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(isNew ? "made" : load.ReplacesAll ? "overwrote" : "appended to")} {load.Table}, version " +
            $"{result.Version}: {CountText.Of(result.RowsAdded, "row")} in " +
            $"{CountText.Of(result.FilesAdded, "file")}, " +
            $"{ByteText.Of(result.BytesAdded)}, {progress.Elapsed.TotalSeconds:F1} s");
    }

    private sealed record Load(
        string Table,
        IReadOnlyList<string> Files,
        string? Format,
        DataType? Schema,
        IReadOnlyList<string> PartitionBy,
        SchemaMode SchemaMode,
        bool ReplacesAll);
}
