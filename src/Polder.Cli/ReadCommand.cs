using System.CommandLine;
using Polder.Cli.Output;
using Polder.Delta;
using Polder.Expressions;

namespace Polder.Cli;

/// <summary><c>read TABLE</c>: the rows of a version.</summary>
internal static class ReadCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        VersionOptions versions = new();
        Option<string[]> columns = ColumnsOption();
        Option<string> where = CommonOptions.Where();
        RowOptions rows = new();
        Command command = new("read", "Print a table's rows.")
        {
            table, versions.Version, versions.Timestamp, columns, where, rows.Limit, rows.Format, rows.Output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RowSettings settings = rows.Read(parsed, terminal);
            DeltaTable opened = await DeltaTable.OpenAsync(parsed.GetValue(table)!, cancellationToken)
                .ConfigureAwait(false);
            Snapshot snapshot = await versions.SnapshotAsync(opened, parsed, cancellationToken).ConfigureAwait(false);
            TableScan scan = snapshot.Scan();
            if (CommonOptions.SplitList(parsed.GetValue(columns)) is string[] names)
            {
                scan = scan.Select(names);
            }

            if (parsed.GetValue(where) is string condition)
            {
                scan = scan.Where(ExpressionAnalyzer.Analyze(condition, snapshot.Schema));
            }

            return await RowOutput.WriteAsync(
                terminal, scan.Schema, scan.AsAsyncEnumerable(), settings, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    public static Option<string[]> ColumnsOption() => new("--columns")
    {
        Description = "Only these columns, with commas; a.b is a field of a struct.",
        HelpName = "a,b",
    };
}
