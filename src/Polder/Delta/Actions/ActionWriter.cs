using System.Buffers;
using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polder.Delta.Actions;

/// <summary>Encodes actions as lines of JSON, each ended by LF whatever the platform.</summary>
internal static class ActionWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        // Legal JSON without escapes for every letter outside ASCII: logs are read by engines, not by browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void WriteLine(IBufferWriter<byte> output, DeltaAction action)
    {
        using (Utf8JsonWriter json = new(output, Options))
        {
            json.WriteStartObject();
            switch (action)
            {
                case AddFile add: WriteAdd(json, add); break;
                case RemoveFile remove: WriteRemove(json, remove); break;
                case TableMetadata metadata: WriteMetadata(json, metadata); break;
                case TableProtocol protocol: WriteProtocol(json, protocol); break;
                case SetTransaction transaction: WriteTransaction(json, transaction); break;
                case DomainMetadata domain: WriteDomain(json, domain); break;
                case CommitInfo info: WriteCommitInfo(json, info); break;
                default: Invariant.Holds(false, $"an action {action.GetType().Name} is never written"); break;
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteAdd(Utf8JsonWriter json, AddFile add)
    {
        json.WriteStartObject("add");
        json.WriteString("path", add.Path);
        WriteMap(json, "partitionValues", add.PartitionValues);
        json.WriteNumber("size", add.SizeBytes);
        json.WriteNumber("modificationTime", add.ModificationTime);
        json.WriteBoolean("dataChange", add.DataChange);
        WriteText(json, "stats", add.Stats);
        WriteMap(json, "tags", add.Tags);
        WriteVector(json, add.DeletionVector);
        WriteNumber(json, "baseRowId", add.BaseRowId);
        WriteNumber(json, "defaultRowCommitVersion", add.DefaultRowCommitVersion);
        WriteText(json, "clusteringProvider", add.ClusteringProvider);
        json.WriteEndObject();
    }

    private static void WriteRemove(Utf8JsonWriter json, RemoveFile remove)
    {
        json.WriteStartObject("remove");
        json.WriteString("path", remove.Path);
        json.WriteNumber("deletionTimestamp", remove.DeletionTimestamp);
        json.WriteBoolean("dataChange", remove.DataChange);
        json.WriteBoolean("extendedFileMetadata", remove.ExtendedFileMetadata);
        WriteMap(json, "partitionValues", remove.PartitionValues);
        WriteNumber(json, "size", remove.SizeBytes);
        WriteMap(json, "tags", remove.Tags);
        WriteVector(json, remove.DeletionVector);
        WriteNumber(json, "baseRowId", remove.BaseRowId);
        WriteNumber(json, "defaultRowCommitVersion", remove.DefaultRowCommitVersion);
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, DeletionVectorDescriptor? vector)
    {
        if (vector is null)
        {
            return;
        }

        json.WriteStartObject("deletionVector");
        json.WriteString("storageType", vector.StorageType);
        json.WriteString("pathOrInlineDv", vector.PathOrInline);
        WriteNumber(json, "offset", vector.Offset);
        json.WriteNumber("sizeInBytes", vector.SizeBytes);
        json.WriteNumber("cardinality", vector.Cardinality);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, TableMetadata metadata)
    {
        json.WriteStartObject("metaData");
        json.WriteString("id", metadata.Id);
        WriteText(json, "name", metadata.Name);
        WriteText(json, "description", metadata.Description);
        json.WriteStartObject("format");
        json.WriteString("provider", metadata.FormatProvider);
        WriteMap(json, "options", metadata.FormatOptions);
        json.WriteEndObject();
        json.WriteString("schemaString", metadata.SchemaString);
        WriteTexts(json, "partitionColumns", metadata.PartitionColumns);
        WriteMap(json, "configuration", metadata.Configuration);
        WriteNumber(json, "createdTime", metadata.CreatedTime);
        json.WriteEndObject();
    }

    private static void WriteProtocol(Utf8JsonWriter json, TableProtocol protocol)
    {
        json.WriteStartObject("protocol");
        json.WriteNumber("minReaderVersion", protocol.ReaderVersion);
        json.WriteNumber("minWriterVersion", protocol.WriterVersion);
        WriteTexts(json, "readerFeatures", protocol.ReaderFeatures);
        WriteTexts(json, "writerFeatures", protocol.WriterFeatures);
        json.WriteEndObject();
    }

    private static void WriteTransaction(Utf8JsonWriter json, SetTransaction transaction)
    {
        json.WriteStartObject("txn");
        json.WriteString("appId", transaction.ApplicationId);
        json.WriteNumber("version", transaction.Version);
        WriteNumber(json, "lastUpdated", transaction.LastUpdated);
        json.WriteEndObject();
    }

    private static void WriteDomain(Utf8JsonWriter json, DomainMetadata domain)
    {
        json.WriteStartObject("domainMetadata");
        json.WriteString("domain", domain.Domain);
        json.WriteString("configuration", domain.Configuration);
        json.WriteBoolean("removed", domain.Removed);
        json.WriteEndObject();
    }

    private static void WriteCommitInfo(Utf8JsonWriter json, CommitInfo info)
    {
        json.WriteStartObject("commitInfo");
        WriteNumber(json, "inCommitTimestamp", info.InCommitTimestamp);
        WriteNumber(json, "timestamp", info.Timestamp);
        WriteText(json, "userName", info.UserName);
        WriteText(json, "operation", info.Operation);
        WriteMap(json, "operationParameters", info.OperationParameters);
        WriteNumber(json, "readVersion", info.ReadVersion);
        WriteText(json, "isolationLevel", info.IsolationLevel);
        if (info.IsBlindAppend is bool isBlindAppend)
        {
            json.WriteBoolean("isBlindAppend", isBlindAppend);
        }

        WriteMap(json, "operationMetrics", info.OperationMetrics);
        WriteText(json, "userMetadata", info.UserMetadata);
        WriteText(json, "engineInfo", info.EngineInfo);
        WriteText(json, "txnId", info.TransactionId);
        WriteNumber(json, CommitInfoReader.ActionCountField, info.ActionCount);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is long number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string?>? map)
    {
        if (map is null)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach ((string key, string? value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
