using System.CommandLine;
using Polder.Cli.Output;
using Polder.Delta;
using Polder.Expressions;

namespace Polder.Cli;

/// <summary><c>changes TABLE</c>: the change feed of some versions.</summary>
internal static class ChangesCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        Option<long> from = new("--from")
        {
            Description = "The first version whose changes are printed.",
            HelpName = "N",
            Required = true,
        };
        Option<long?> to = new("--to")
        {
            Description = "The last one; the newest where none is given.",
            HelpName = "M",
        };
        Option<string[]> columns = ReadCommand.ColumnsOption();
        Option<string> where = CommonOptions.Where();
        RowOptions rows = new();
        Command command = new(
            "changes", "Print the rows that versions changed, each with _change_type, _commit_version and its time.")
        {
            table, from, to, columns, where, rows.Limit, rows.Format, rows.Output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RowSettings settings = rows.Read(parsed, terminal);
            long first = parsed.GetValue(from);
            if (first < 0 || parsed.GetValue(to) < 0)
            {
                throw new UsageException("--from and --to take versions from 0");
            }

            DeltaTable opened = await DeltaTable.OpenAsync(parsed.GetValue(table)!, cancellationToken)
                .ConfigureAwait(false);
            TableScan feed = await opened.ChangesAsync(first, parsed.GetValue(to), cancellationToken)
                .ConfigureAwait(false);
            if (parsed.GetValue(where) is string condition)
            {
                feed = feed.Where(ExpressionAnalyzer.Analyze(condition, feed.Schema));
            }

            if (CommonOptions.SplitList(parsed.GetValue(columns)) is string[] names)
            {
                feed = feed.Select(names);
            }

            return await RowOutput.WriteAsync(
                terminal, feed.Schema, feed.AsAsyncEnumerable(), settings, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}
