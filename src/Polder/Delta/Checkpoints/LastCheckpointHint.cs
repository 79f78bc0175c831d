using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Delta.Actions;
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

    private static long? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            Utf8JsonReader json = new(body, isFinalBlock: true, default);
            json.ReadExpected(JsonTokenType.StartObject);
            long? version = null;
            while (json.ReadProperty(out string name))
            {
                if (name == "version")
                {
                    version = json.GetLong();
                }
                else
                {
                    json.Skip();
                }
            }

            return version >= 0 ? version : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
