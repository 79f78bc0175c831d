using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Polder.Storage;

namespace Polder.Delta.Log;

/// <summary>What a file of <c>_delta_log</c> is, by its name.</summary>
internal enum LogFileKind
{
    Commit,
    ClassicCheckpoint,
    MultiPartCheckpoint,
    UuidCheckpoint,
    Compaction,
    Checksum,
}

/// <summary>
/// A file of the log that takes part in a snapshot. Names are parsed strictly (20 digits of version, 10 of part):
/// whatever else lies in the folder is a stranger and no file of the log.
/// </summary>
internal sealed record LogPath
{
    public const string Folder = "_delta_log";

    public const string SidecarFolder = Folder + "/_sidecars";

    private const int VersionDigits = 20;
    private const int PartDigits = 10;

    public required StoreObject Object { get; init; }

    public required LogFileKind Kind { get; init; }

    public required long Version { get; init; }

    /// <summary>The last version of a compaction; of everything else its version.</summary>
    public long LastVersion => Kind == LogFileKind.Compaction ? CompactedTo : Version;

    private long CompactedTo { get; init; }

    /// <summary>1-based part of a multi-part checkpoint; else 1.</summary>
    public int Part { get; init; } = 1;

    /// <summary>Number of parts of a multi-part checkpoint; else 1.</summary>
    public int PartCount { get; init; } = 1;

    public static StorePath LastCheckpoint { get; } = new(Folder + "/_last_checkpoint");

    public static StorePath ForCommit(long version) => new(Prefix(version) + ".json");

    public static StorePath ForChecksum(long version) => new(Prefix(version) + ".crc");

    public static StorePath ForCheckpoint(long version) => new(Prefix(version) + ".checkpoint.parquet");

    /// <summary>Sorts before every file of that version and after every file of the one before.</summary>
    public static StorePath Before(long version) => new(Prefix(version));

    public static bool TryParse(StoreObject found, [NotNullWhen(true)] out LogPath? path)
    {
        path = null;
        ReadOnlySpan<char> name = found.Path.Value;
        if (!name.StartsWith(Folder + "/", StringComparison.Ordinal))
        {
            return false;
        }

        name = name[(Folder.Length + 1)..];
        if (name.Contains('/') || name.Length <= VersionDigits ||
            !TryParseDigits(name[..VersionDigits], out long version))
        {
            return false;
        }

        path = ParseSuffix(name[VersionDigits..], found, version);
        return path is not null;
    }

    private static LogPath? ParseSuffix(ReadOnlySpan<char> suffix, StoreObject found, long version)
    {
        if (suffix is ".json")
        {
            return new LogPath { Object = found, Kind = LogFileKind.Commit, Version = version };
        }

        if (suffix is ".crc")
        {
            return new LogPath { Object = found, Kind = LogFileKind.Checksum, Version = version };
        }

        const string compacted = ".compacted.json";
        if (suffix.Length == 1 + VersionDigits + compacted.Length && suffix[0] == '.' &&
            suffix.EndsWith(compacted, StringComparison.Ordinal) &&
            TryParseDigits(suffix.Slice(1, VersionDigits), out long last) && last > version)
        {
            return new LogPath { Object = found, Kind = LogFileKind.Compaction, Version = version, CompactedTo = last };
        }

        const string checkpoint = ".checkpoint.";
        if (!suffix.StartsWith(checkpoint, StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlySpan<char> rest = suffix[checkpoint.Length..];
        if (rest is "parquet")
        {
            return new LogPath { Object = found, Kind = LogFileKind.ClassicCheckpoint, Version = version };
        }

        if (rest.Length == (2 * PartDigits) + 2 + "parquet".Length && rest[PartDigits] == '.' &&
            rest[(2 * PartDigits) + 1] == '.' && rest.EndsWith("parquet", StringComparison.Ordinal) &&
            TryParseDigits(rest[..PartDigits], out long part) &&
            TryParseDigits(rest.Slice(PartDigits + 1, PartDigits), out long partCount) &&
            part >= 1 && part <= partCount && partCount <= int.MaxValue)
        {
            return new LogPath
            {
                Object = found,
                Kind = LogFileKind.MultiPartCheckpoint,
                Version = version,
                Part = (int)part,
                PartCount = (int)partCount,
            };
        }

        int dot = rest.IndexOf('.');
        return dot > 0 && Guid.TryParseExact(rest[..dot], "D", out _) && rest[(dot + 1)..] is "parquet" or "json"
            ? new LogPath { Object = found, Kind = LogFileKind.UuidCheckpoint, Version = version }
            : null;
    }

    private static bool TryParseDigits(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        return !text.ContainsAnyExceptInRange('0', '9') &&
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string Prefix(long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}/{version:D20}");
}
