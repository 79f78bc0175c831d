using System;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Polder.Bytes;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>
/// PROTOCOL "Version Checksum File": what the writer of a version counted. Only ever used to check: a snapshot that
/// differs from it is the log's word against the checksum's, so it is said, not refused.
/// </summary>
internal sealed record VersionChecksum(long? FileCount, long? SizeBytes)
{
    /// <summary>Compares a snapshot with the checksum of its version; logs a warning where they differ.</summary>
    public static async ValueTask VerifyAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            using BufferSlice body = await snapshot.Locator.Store
                .ReadAsync(
                    LogPath.ForChecksum(snapshot.Version), null, snapshot.Engine.Allocator, cancellationToken)
                .ConfigureAwait(false);
            if (Parse(body.Span)?.FindDifference(snapshot) is string difference)
            {
                snapshot.Engine.Loggers.CreateLogger<VersionChecksum>()
                    .LogWarning("{Snapshot} differs from its checksum file: {Difference}", snapshot, difference);
            }
        }
        catch (StoreException)
        {
            // It is optional, and may go at any time.
        }
    }

    /// <summary>The checksum of a text; null where it is none.</summary>
    public static VersionChecksum? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            Utf8JsonReader reader = new(body, isFinalBlock: true, default);
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            return new VersionChecksum(
                Number(json.RootElement, "numFiles"), Number(json.RootElement, "tableSizeBytes"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>In what a snapshot differs; null where in nothing.</summary>
    public string? FindDifference(Snapshot snapshot) =>
        FileCount is long count && count != snapshot.FileCount
            ? string.Create(CultureInfo.InvariantCulture, $"{snapshot.FileCount} files, expected {count}")
            : SizeBytes is long size && size != snapshot.SizeBytes
                ? string.Create(CultureInfo.InvariantCulture, $"{snapshot.SizeBytes} bytes, expected {size}")
                : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetInt64(out long number) ? number : null;
}
