using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// <c>_last_checkpoint</c>: where a checkpoint was once. Only ever a hint of where to start listing; absent, stale,
/// torn and wrong ones cost one more LIST and nothing else.
/// </summary>
internal static class LastCheckpointHint
{
    /// <summary>The version it names, or null where there is no usable hint.</summary>
    public static async ValueTask<long?> LoadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            using BufferSlice body = await store
                .ReadAsync(LogPath.LastCheckpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
            return Parse(body.Span);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    /// <summary>The version of a hint's text; null where it is none, or its checksum is wrong.</summary>
    internal static long? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            Utf8JsonReader reader = new(body, isFinalBlock: true, default);
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            JsonElement root = json.RootElement;
            bool isIntact = !root.TryGetProperty("checksum", out JsonElement checksum) ||
                checksum.ValueKind != JsonValueKind.String || checksum.GetString() == JsonChecksum.Compute(root);
            return isIntact && root.TryGetProperty("version", out JsonElement version) &&
                version.TryGetInt64(out long number) && number >= 0 ? number : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
