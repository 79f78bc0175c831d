using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Delta.Actions;
using Polder.Storage;

namespace Polder.Delta.Log;

/// <summary>A decoded commit: its actions in the order of its lines.</summary>
internal sealed record CommitFile(long Version, IReadOnlyList<DeltaAction> Actions)
{
    /// <summary>The commit's provenance, or null where it has none.</summary>
    public CommitInfo? Info
    {
        get
        {
            foreach (DeltaAction action in Actions)
            {
                if (action is CommitInfo info)
                {
                    return info;
                }
            }

            return null;
        }
    }

    /// <summary>Reads and decodes the commit of a version; null where there is none.</summary>
    public static async ValueTask<CommitFile?> LoadAsync(
        Engine engine, IObjectStore store, long version, CancellationToken cancellationToken) =>
        await LoadAsync(engine, store, version, LogPath.ForCommit(version), cancellationToken).ConfigureAwait(false);

    /// <summary>Reads and decodes a file of actions; null where there is none.</summary>
    public static async ValueTask<CommitFile?> LoadAsync(
        Engine engine, IObjectStore store, long version, StorePath path, CancellationToken cancellationToken)
    {
        try
        {
            using BufferSlice body = await store
                .ReadAsync(path, null, engine.Allocator, cancellationToken).ConfigureAwait(false);
            return body.Length <= engine.Limits.CommitBytes
                ? new CommitFile(version, Decode(body.Span, $"{store.Root}/{path.Value}"))
                : throw new CorruptLogException(
                    $"the commit has {body.Length} bytes, the most is {engine.Limits.CommitBytes} (Limits.CommitBytes)",
                    $"{store.Root}/{path.Value}");
        }
        catch (StoreException exception) when (exception.Failure == StoreFailure.NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Decodes lines of actions. A BOM, CR before LF, blank lines and a missing last LF are let pass; a file without
    /// any action is not: a commit says at least what it did, so an empty one has lost its content.
    /// </summary>
    /// <exception cref="CorruptLogException">A line is no action, or lines are missing.</exception>
    public static List<DeltaAction> Decode(ReadOnlySpan<byte> body, string path)
    {
        List<DeltaAction> actions = [];
        int lineNumber = 0, actionCount = 0;
        int? expectedCount = null;
        ReadOnlySpan<byte> rest = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).Trim(" \t\r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            lineNumber++;
            if (line.IsEmpty)
            {
                continue;
            }

            actionCount++;
            DeltaAction? action = ReadLine(line, path, lineNumber);
            if (action is not null)
            {
                actions.Add(action);
                expectedCount ??= (action as CommitInfo)?.ActionCount;
            }
        }

        if (actionCount == 0)
        {
            throw new CorruptLogException("the commit is empty: what it said is lost", path);
        }

        return expectedCount is null || expectedCount == actionCount ? actions : throw new CorruptLogException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the commit was written with {expectedCount} actions, found {actionCount}"),
            path);
    }

    private static DeltaAction? ReadLine(ReadOnlySpan<byte> line, string path, int lineNumber)
    {
        try
        {
            return ActionReader.Read(line);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException is how Utf8JsonReader reports text that is no UTF-8.
            throw new CorruptLogException(Explain(exception), path, lineNumber, exception);
        }
    }

    private static string Explain(Exception exception)
    {
        string message = exception.Message;
        int cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "no action of the Delta protocol: " + (cut < 0 ? message : message[..cut]).TrimEnd('.');
    }
}
