using System;
using System.CommandLine;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta;

namespace Polder.Cli;

/// <summary>Arguments and options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Argument<string> Table() => new("TABLE")
    {
        Description = "The table's folder.",
    };

    public static Option<string> Format(string description, params string[] names)
    {
        Option<string> format = new("--format")
        {
            Description = $"{description}.",
            HelpName = string.Join('|', names),
        };
        format.AcceptOnlyFromAmong(names);
        return format;
    }

    public static Option<string> Where() => new("--where")
    {
        Description = "Only rows for which this SQL condition is true, e.g. \"delay > 60 AND origin = 'SEA'\".",
        HelpName = "CONDITION",
    };

    /// <summary>A list given once with commas, or several times.</summary>
    public static string[]? SplitList(string[]? values) => values is null or []
        ? null
        : string.Join(',', values).Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary><c>--version N</c> and <c>--timestamp T</c>: which snapshot of a table.</summary>
internal sealed class VersionOptions
{
    public Option<long?> Version { get; } = new("--version")
    {
        Description = "The table as of this version.",
        HelpName = "N",
    };

    public Option<string> Timestamp { get; } = new("--timestamp")
    {
        Description = "The table as of this time (ISO 8601; without a zone it is UTC).",
        HelpName = "T",
    };

    /// <summary>The snapshot that was asked for; the newest where none was.</summary>
    public async Task<Snapshot> SnapshotAsync(
        DeltaTable table, ParseResult parsed, CancellationToken cancellationToken)
    {
        long? version = parsed.GetValue(Version);
        string? timestamp = parsed.GetValue(Timestamp);
        if (version is not null && timestamp is not null)
        {
            throw new UsageException("--version and --timestamp exclude each other");
        }

        if (version is long number)
        {
            return number >= 0
                ? await table.SnapshotAsync(number, cancellationToken).ConfigureAwait(false)
                : throw new UsageException("--version takes a version from 0");
        }

        if (timestamp is null)
        {
            return await table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        }

        return DateTimeOffset.TryParse(
            timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset asOf)
            ? await table.SnapshotAsync(asOf, cancellationToken).ConfigureAwait(false)
            : throw new UsageException($"--timestamp takes a time such as 2001-03-01T12:00:00Z, not '{timestamp}'");
    }
}
