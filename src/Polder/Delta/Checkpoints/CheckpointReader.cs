using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// Feeds the actions of a checkpoint to a replay: one Parquet file, several parts, or a V2 checkpoint in Parquet or
/// JSON whose file actions may lie in sidecars. What a file is, its content says, not its name.
/// </summary>
internal sealed class CheckpointReader(Engine engine, IObjectStore store)
{
    private const string ParsedStatistics = "stats_parsed";

    private static readonly string[] AddFields =
    [
        "path", "partitionValues", "size", "modificationTime", "stats", "tags", "deletionVector", "baseRowId",
        "defaultRowCommitVersion", "clusteringProvider",
    ];

    private static readonly string[] OtherActions =
        ["remove", "metaData", "protocol", "txn", "domainMetadata", "sidecar", "checkpointMetadata"];

    /// <exception cref="CorruptFileException">The checkpoint, or a sidecar, is missing or broken.</exception>
    public async ValueTask ReadAsync(
        CheckpointFiles checkpoint, LogReplay replay, CancellationToken cancellationToken)
    {
        List<Sidecar> sidecars = [];
        foreach (LogPath part in checkpoint.Parts)
        {
            StorePath path = part.Object.Path;
            if (path.Value.EndsWith(".json", System.StringComparison.Ordinal))
            {
                await ReadJsonAsync(path, replay, sidecars, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ReadParquetAsync(path, part.Object.SizeBytes, replay, sidecars, cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        foreach (Sidecar sidecar in sidecars)
        {
            string name = FilePath.Canonicalize(sidecar.Path, store.Root);
            StorePath path = new(name.Contains('/') ? name : $"{LogPath.SidecarFolder}/{name}");
            await ReadParquetAsync(path, null, replay, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadJsonAsync(
        StorePath path, LogReplay replay, List<Sidecar> sidecars, CancellationToken cancellationToken)
    {
        using BufferSlice body = await store
            .ReadAsync(path, null, engine.Allocator, cancellationToken).ConfigureAwait(false);
        foreach (DeltaAction action in CommitFile.Decode(body.Span, $"{store.Root}/{path.Value}"))
        {
            Apply(action, replay, sidecars);
        }
    }

    private async ValueTask ReadParquetAsync(
        StorePath path, long? sizeBytes, LogReplay replay, List<Sidecar>? sidecars, CancellationToken cancellationToken)
    {
        ParquetFileReader reader;
        try
        {
            reader = await ParquetFileReader.OpenAsync(engine, store, path, sizeBytes, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StoreException exception) when (exception.Failure == StoreFailure.NotFound)
        {
            throw new CorruptFileException(
                "the checkpoint needs this file, and it is gone", $"{store.Root}/{path.Value}", -1, exception);
        }

        await using (reader.ConfigureAwait(false))
        {
            ParquetReadOptions options = new() { Columns = ChooseColumns(reader.Footer.Schema) };
            if (options.Columns.Count == 0)
            {
                throw new CorruptFileException("the checkpoint has no actions", $"{store.Root}/{path.Value}");
            }

            await foreach (RecordBatch batch in reader.ReadAsync(options, cancellationToken).ConfigureAwait(false))
            {
                CheckpointAdds.Apply(batch, replay, $"{store.Root}/{path.Value}");
                foreach (DeltaAction action in CheckpointRows.Decode(batch, $"{store.Root}/{path.Value}"))
                {
                    Apply(action, replay, sidecars);
                }
            }
        }
    }

    /// <summary>What a replay needs: statistics once, as JSON where the checkpoint has them so.</summary>
    private static List<string> ChooseColumns(ParquetSchema schema)
    {
        List<string> columns = [];
        foreach (ParquetField field in schema.Fields)
        {
            if (field.Name == "add")
            {
                List<string> names = [.. field.Children.Select(child => child.Name)];
                columns.AddRange(AddFields.Where(names.Contains).Select(name => "add." + name));
                if (!names.Contains("stats") && names.Contains(ParsedStatistics))
                {
                    columns.Add("add." + ParsedStatistics);
                }
            }
            else if (OtherActions.Contains(field.Name))
            {
                columns.Add(field.Name);
            }
        }

        return columns;
    }

    private static void Apply(DeltaAction action, LogReplay replay, List<Sidecar>? sidecars)
    {
        if (action is Sidecar sidecar)
        {
            sidecars?.Add(sidecar);
        }
        else
        {
            replay.ApplyCheckpointAction(action);
        }
    }
}
