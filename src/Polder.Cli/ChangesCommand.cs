using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Output;
using Polder.Delta;
using Polder.Expressions;

namespace Polder.Cli;

/// <summary><c>changes TABLE</c>: the change feed of some versions, or of every version as it comes.</summary>
internal sealed class ChangesCommand
{
    private readonly Argument<string> _table = CommonOptions.Table();

    private readonly Option<long?> _from = new("--from")
    {
        Description = "The first version whose changes are printed.",
        HelpName = "N",
    };

    private readonly Option<long?> _to = new("--to")
    {
        Description = "The last one; the newest where none is given.",
        HelpName = "M",
    };

    private readonly Option<bool> _follow = new("--follow")
    {
        Description = "Go on with each version as it is committed, one JSON object a line, until interrupted.",
    };

    private readonly Option<string> _token = new("--token")
    {
        Description = "With --follow: a file that keeps how far it got; where it is there, go on from it.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _columns = ReadCommand.ColumnsOption();
    private readonly Option<string> _where = CommonOptions.Where();
    private readonly RowOptions _rows = new();

    public static Command Create(Terminal terminal)
    {
        ChangesCommand changes = new();
        Command command = new(
            "changes", "Print the rows that versions changed, each with _change_type, _commit_version and its time.")
        {
            changes._table, changes._from, changes._to, changes._follow, changes._token, changes._columns,
            changes._where, changes._rows.Limit, changes._rows.Format, changes._rows.Output,
        };
        command.SetAction((parsed, cancellationToken) => changes.RunAsync(terminal, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        bool follows = parsed.GetValue(_follow);
        Check(parsed, follows);
        DeltaTable table = await DeltaTable.OpenAsync(parsed.GetValue(_table)!, cancellationToken)
            .ConfigureAwait(false);
        if (follows)
        {
            RowSettings settings = _rows.Read(parsed, terminal, parsed.GetValue(_rows.Format) ?? "ndjson");
            return await FollowAsync(terminal, table, parsed, settings, cancellationToken).ConfigureAwait(false);
        }

        TableScan feed = Choose(
            await table.ChangesAsync(parsed.GetValue(_from)!.Value, parsed.GetValue(_to), cancellationToken)
                .ConfigureAwait(false),
            parsed);
        return await RowOutput.WriteAsync(
            terminal, feed.Schema, feed.AsAsyncEnumerable(), _rows.Read(parsed, terminal), cancellationToken)
            .ConfigureAwait(false);
    }

    private void Check(ParseResult parsed, bool follows)
    {
        if (parsed.GetValue(_from) < 0 || parsed.GetValue(_to) < 0)
        {
            throw new UsageException("--from and --to take versions from 0");
        }

        if (!follows && (parsed.GetValue(_from) is null || parsed.GetValue(_token) is not null))
        {
            throw new UsageException(parsed.GetValue(_from) is null
                ? "--from is needed: the first version whose changes are printed"
                : "--token needs --follow");
        }

        if (follows && (parsed.GetValue(_to) is not null || parsed.GetValue(_rows.Output) is not null ||
            parsed.GetValue(_rows.Format) is not (null or "ndjson" or "none")))
        {
            throw new UsageException("--follow prints ndjson without end: it takes no --to, no -o, no other --format");
        }
    }

    private TableScan Choose(TableScan feed, ParseResult parsed)
    {
        if (parsed.GetValue(_where) is string condition)
        {
            feed = feed.Where(ExpressionAnalyzer.Analyze(condition, feed.Schema));
        }

        return CommonOptions.SplitList(parsed.GetValue(_columns)) is string[] names ? feed.Select(names) : feed;
    }

    private async Task<int> FollowAsync(
        Terminal terminal,
        DeltaTable table,
        ParseResult parsed,
        RowSettings settings,
        CancellationToken cancellationToken)
    {
        string? file = parsed.GetValue(_token);
        FollowToken from = file is not null && File.Exists(file)
            ? FollowToken.Parse(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false))
            : parsed.GetValue(_from) is long version ? FollowToken.From(version) : FollowToken.Beginning;
        long? limit = settings.Limit;
        await foreach (ChangeSet step in table.FollowAsync(from, cancellationToken).ConfigureAwait(false))
        {
            TableScan changes = Choose(step.Scan(), parsed);
            Counter counter = new();
            await RowOutput.WriteAsync(
                terminal,
                changes.Schema,
                counter.CountAsync(changes.AsAsyncEnumerable(), cancellationToken),
                settings with { Limit = limit },
                cancellationToken).ConfigureAwait(false);
            limit -= counter.RowCount;
            if (limit <= 0)
            {
                return ExitCode.Done;
            }

            if (file is not null)
            {
                // Whoever is killed in between finds the old token or the new one, never half of one.
                await File.WriteAllTextAsync(file + ".new", step.Token.ToString(), cancellationToken)
                    .ConfigureAwait(false);
                File.Move(file + ".new", file, overwrite: true);
            }
        }

        return ExitCode.Done;
    }

    private sealed class Counter
    {
        public long RowCount { get; private set; }

        public async IAsyncEnumerable<RecordBatch> CountAsync(
            IAsyncEnumerable<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                RowCount += batch.Length;
                yield return batch;
            }
        }
    }
}
