using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Delta.Actions;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// PROTOCOL "Checkpoint Schema": the actions in rows of a checkpoint, one per row; all but the adds, which
/// <see cref="CheckpointAdds"/> reads.
/// </summary>
internal static class CheckpointRows
{
    /// <exception cref="CorruptLogException">A required field is null, or a column has another type.</exception>
    public static List<DeltaAction> Decode(RecordBatch batch, string path)
    {
        List<DeltaAction> actions = [];
        Guard(path, () => actions = DecodeAll(batch));
        return actions;
    }

    /// <summary>Decodes; what is wrong with the columns becomes what is wrong with the checkpoint.</summary>
    public static void Guard(string path, Action decode)
    {
        try
        {
            decode();
        }
        catch (InvalidCastException exception)
        {
            throw new CorruptLogException(
                "a column of the checkpoint has another type than the protocol says", path, 0, exception);
        }
        catch (MissingFieldException exception)
        {
            throw new CorruptLogException(exception.Message, path, 0, exception);
        }
    }

    private static List<DeltaAction> DecodeAll(RecordBatch batch)
    {
        List<DeltaAction> actions = new(batch.Length);
        Decode(batch, "remove", actions, DecodeRemove);
        Decode(batch, "metaData", actions, DecodeMetadata);
        Decode(batch, "protocol", actions, (column, row) => new TableProtocol(
            (int)Required(column.Long("minReaderVersion", row), "protocol.minReaderVersion"),
            (int)Required(column.Long("minWriterVersion", row), "protocol.minWriterVersion"),
            column.Texts("readerFeatures", row),
            column.Texts("writerFeatures", row)));
        Decode(batch, "txn", actions, (column, row) => new SetTransaction(
            Required(column.Text("appId", row), "txn.appId"),
            Required(column.Long("version", row), "txn.version"),
            column.Long("lastUpdated", row)));
        Decode(batch, "domainMetadata", actions, (column, row) => new DomainMetadata(
            Required(column.Text("domain", row), "domainMetadata.domain"),
            column.Text("configuration", row) ?? "",
            column.Flag("removed", row) ?? false));
        Decode(batch, "sidecar", actions, (column, row) => new Sidecar(
            Required(column.Text("path", row), "sidecar.path"), column.Long("sizeInBytes", row) ?? 0));
        return actions;
    }

    private static void Decode(
        RecordBatch batch, string name, List<DeltaAction> actions, Func<ActionColumn, int, DeltaAction> decode)
    {
        if (ActionColumn.Find(batch, name) is not ActionColumn column || column.Array.NullCount == batch.Length)
        {
            return;
        }

        for (int row = 0; row < batch.Length; row++)
        {
            if (!column.IsNull(row))
            {
                actions.Add(decode(column, row));
            }
        }
    }

    /// <summary>What only few adds have.</summary>
    public static AddFile DecodeRare(ActionColumn column, int row) => new()
    {
        Path = "",
        Tags = column.Map("tags", row),
        DeletionVector = DecodeVector(column["deletionVector"], row),
        BaseRowId = column.Long("baseRowId", row),
        DefaultRowCommitVersion = column.Long("defaultRowCommitVersion", row),
        ClusteringProvider = column.Text("clusteringProvider", row),
    };

    private static RemoveFile DecodeRemove(ActionColumn column, int row) => new()
    {
        Path = Required(column.Text("path", row), "remove.path"),
        DeletionTimestamp = column.Long("deletionTimestamp", row) ?? 0,
        DataChange = column.Flag("dataChange", row) ?? false,
        ExtendedFileMetadata = column.Flag("extendedFileMetadata", row) ?? false,
        PartitionValues = column.Map("partitionValues", row),
        SizeBytes = column.Long("size", row),
        DeletionVector = DecodeVector(column["deletionVector"], row),
        BaseRowId = column.Long("baseRowId", row),
        DefaultRowCommitVersion = column.Long("defaultRowCommitVersion", row),
    };

    private static DeletionVectorDescriptor? DecodeVector(ActionColumn? column, int row) =>
        column is null || column.IsNull(row) || column.Text("storageType", row) is not string storageType
            ? null
            : new DeletionVectorDescriptor(
                storageType,
                Required(column.Text("pathOrInlineDv", row), "deletionVector.pathOrInlineDv"),
                (int?)column.Long("offset", row),
                (int)Required(column.Long("sizeInBytes", row), "deletionVector.sizeInBytes"),
                Required(column.Long("cardinality", row), "deletionVector.cardinality"));

    private static TableMetadata DecodeMetadata(ActionColumn column, int row)
    {
        ActionColumn? format = column["format"];
        return new TableMetadata
        {
            Id = Required(column.Text("id", row), "metaData.id"),
            Name = column.Text("name", row),
            Description = column.Text("description", row),
            FormatProvider = format?.Text("provider", row) ?? "parquet",
            FormatOptions = format?.Map("options", row) ?? AddFile.NoValues,
            SchemaString = Required(column.Text("schemaString", row), "metaData.schemaString"),
            PartitionColumns = column.Texts("partitionColumns", row) ?? [],
            CreatedTime = column.Long("createdTime", row),
            Configuration = column.Map("configuration", row) ?? AddFile.NoValues,
        };
    }

    private static T Required<T>(T? value, string field)
        where T : struct => value ?? throw Missing(field);

    private static string Required(string? value, string field) => value ?? throw Missing(field);

    private static MissingFieldException Missing(string field) => new($"the required field {field} is null");
}
