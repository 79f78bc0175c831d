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

    private long _statisticsBytes;

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
        ParquetFileReader reader = await OpenAsync(engine, store, path, sizeBytes, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            ParquetReadOptions options = new() { Columns = ChooseColumns(reader.Footer.Schema) };
            if (options.Columns.Count == 0)
            {
                throw new CorruptFileException("the checkpoint has no actions", $"{store.Root}/{path.Value}");
            }

            replay.Expect(reader.Footer.RowCount);
            long? position = LeavesStatistics(reader.Footer) ? 0 : null;
            if (position is not null)
            {
                replay.Adds.LeaveStatisticsIn(path);
            }

            await foreach (RecordBatch batch in reader.ReadAsync(options, cancellationToken).ConfigureAwait(false))
            {
                CheckpointAdds.Apply(batch, replay, position, $"{store.Root}/{path.Value}");
                position += batch.Length;
                foreach (DeltaAction action in CheckpointRows.Decode(batch, $"{store.Root}/{path.Value}"))
                {
                    Apply(action, replay, sidecars);
                }
            }
        }
    }

    /// <summary>Opens a file of a checkpoint.</summary>
    /// <exception cref="CorruptFileException">It is gone, or no Parquet file.</exception>
    public static async ValueTask<ParquetFileReader> OpenAsync(
        Engine engine, IObjectStore store, StorePath path, long? sizeBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetFileReader.OpenAsync(engine, store, path, sizeBytes, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StoreException exception) when (exception.Failure == StoreFailure.NotFound)
        {
            throw new CorruptFileException(
                "the checkpoint needs this file, and it is gone", $"{store.Root}/{path.Value}", -1, exception);
        }
    }

    /// <summary>The field of the adds that has the statistics: as JSON where the checkpoint has them so.</summary>
    public static string? FindStatistics(ParquetSchema schema) => schema.Fields
        .Where(field => field.Name == "add").SelectMany(field => field.Children).Select(field => field.Name)
        .Where(name => name is "stats" or ParsedStatistics).Order(System.StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether the statistics are too large to be kept, with those that are kept already.</summary>
    private bool LeavesStatistics(ParquetFooter footer)
    {
        _statisticsBytes += footer.RowGroups.SelectMany(group => group.Columns)
            .Where(chunk => chunk.Leaf.Path is ["add", "stats" or ParsedStatistics, ..])
            .Sum(chunk => chunk.UncompressedSize);
        return _statisticsBytes > engine.Limits.StatisticsMemory;
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
