using System.CommandLine;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Polder.Cli.Output;
using Polder.Delta;

namespace Polder.Cli;

/// <summary><c>diff TABLE --from N [--to M]</c>: the rows in which two versions differ.</summary>
internal sealed class DiffCommand
{
    private const string Latest = "latest";

    private readonly Argument<string> _table = CommonOptions.Table();

    private readonly Option<string> _from = new("--from")
    {
        Description = "The version to compare with.",
        HelpName = "N",
        Required = true,
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The version that is compared; latest where none is given.",
        HelpName = "M|latest",
    };

    private readonly Option<string[]> _key = new("--key")
    {
        Description = "Columns that say which row is which; rows of one key that differ are an update. Else rows are " +
            "compared as a whole.",
        HelpName = "COLUMN,…",
    };

    private readonly Option<string[]> _columns = ReadCommand.ColumnsOption();
    private readonly RowOptions _rows = new();

    public static Command Create(Terminal terminal)
    {
        DiffCommand diff = new();
        Command command = new(
            "diff", "Print the rows in which two versions differ, each with _change_type; reads only what differs.")
        {
            diff._table, diff._from, diff._to, diff._key, diff._columns, diff._rows.Limit, diff._rows.Format,
            diff._rows.Output,
        };
        command.SetAction((parsed, cancellationToken) => diff.RunAsync(terminal, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        long? from = ParseVersion("--from", parsed.GetValue(_from)!);
        long? to = ParseVersion("--to", parsed.GetValue(_to) ?? Latest);
        DiffOptions options = new()
        {
            Key = CommonOptions.SplitList(parsed.GetValue(_key)) ?? [],
            Columns = CommonOptions.SplitList(parsed.GetValue(_columns)),
        };
        DeltaTable table = await DeltaTable.OpenAsync(parsed.GetValue(_table)!, cancellationToken)
            .ConfigureAwait(false);
        Snapshot before = await LoadAsync(table, from, cancellationToken).ConfigureAwait(false);
        Snapshot after = await LoadAsync(table, to, cancellationToken).ConfigureAwait(false);
        return await RowOutput.WriteAsync(
            terminal,
            before.DiffSchema(after, options),
            before.DiffAsync(after, options, cancellationToken),
            _rows.Read(parsed, terminal),
            cancellationToken).ConfigureAwait(false);
    }

    private static Task<Snapshot> LoadAsync(DeltaTable table, long? version, CancellationToken cancellationToken) =>
        version is long number
            ? table.SnapshotAsync(number, cancellationToken)
            : table.SnapshotAsync(cancellationToken);

    private static long? ParseVersion(string option, string text) =>
        text == Latest ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version
        : throw new UsageException($"{option} takes a version from 0, or latest, not '{text}'");
}
