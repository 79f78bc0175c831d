using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Polder.Delta.Actions;

/// <summary>Decodes one line of a commit. Unknown actions and unknown fields are ignored, as PROTOCOL asks.</summary>
internal static class ActionReader
{
    /// <summary>The action of a line; null for an action we do not know.</summary>
    /// <exception cref="JsonException">Not JSON, or a required field is missing or of another type.</exception>
    public static DeltaAction? Read(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader json = new(line, isFinalBlock: true, default);
        json.ReadExpected(JsonTokenType.StartObject);
        DeltaAction? action = null;
        while (json.ReadProperty(out string name))
        {
            if (json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            action = ReadAction(ref json, name) ?? action;
        }

        if (json.Read())
        {
            throw new JsonException("a second value follows the action");
        }

        return action;
    }

    private static DeltaAction? ReadAction(ref Utf8JsonReader json, string name)
    {
        switch (name)
        {
            case "add": return ReadAdd(ref json);
            case "remove": return ReadRemove(ref json);
            case "metaData": return ReadMetadata(ref json);
            case "protocol": return ReadProtocol(ref json);
            case "txn": return ReadTransaction(ref json);
            case "domainMetadata": return ReadDomain(ref json);
            case "commitInfo": return CommitInfoReader.Read(ref json);
            case "cdc": return ReadChangeFile(ref json);
            case "sidecar": return ReadSidecar(ref json);
            case "checkpointMetadata": return ReadCheckpointMetadata(ref json);
            default:
                json.Skip();
                return null;
        }
    }

    private static AddFile ReadAdd(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? path = null, stats = null, clusteringProvider = null;
        IReadOnlyDictionary<string, string?>? partitionValues = null, tags = null;
        long? size = null, modificationTime = null, baseRowId = null, commitVersion = null;
        bool dataChange = false;
        DeletionVectorDescriptor? vector = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "path": path = json.GetText(); break;
                case "partitionValues": partitionValues = json.GetMap(); break;
                case "size": size = json.GetLong(); break;
                case "modificationTime": modificationTime = json.GetLong(); break;
                case "dataChange": dataChange = json.GetFlag() ?? false; break;
                case "stats": stats = json.GetText(); break;
                case "tags": tags = json.GetMap(); break;
                case "deletionVector": vector = ReadVector(ref json); break;
                case "baseRowId": baseRowId = json.GetLong(); break;
                case "defaultRowCommitVersion": commitVersion = json.GetLong(); break;
                case "clusteringProvider": clusteringProvider = json.GetText(); break;
                default: json.Skip(); break;
            }
        }

        return new AddFile
        {
            Path = path ?? throw Missing("add.path"),
            PartitionValues = partitionValues ?? AddFile.NoValues,
            SizeBytes = size ?? throw Missing("add.size"),
            ModificationTime = modificationTime ?? 0,
            DataChange = dataChange,
            Stats = stats,
            Tags = tags,
            DeletionVector = vector,
            BaseRowId = baseRowId,
            DefaultRowCommitVersion = commitVersion,
            ClusteringProvider = clusteringProvider,
        };
    }

    private static RemoveFile ReadRemove(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? path = null;
        IReadOnlyDictionary<string, string?>? partitionValues = null, tags = null;
        long? size = null, deletionTimestamp = null, baseRowId = null, commitVersion = null;
        bool? dataChange = null, extended = null;
        DeletionVectorDescriptor? vector = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "path": path = json.GetText(); break;
                case "deletionTimestamp": deletionTimestamp = json.GetLong(); break;
                case "dataChange": dataChange = json.GetFlag(); break;
                case "extendedFileMetadata": extended = json.GetFlag(); break;
                case "partitionValues": partitionValues = json.GetMap(); break;
                case "size": size = json.GetLong(); break;
                case "tags": tags = json.GetMap(); break;
                case "deletionVector": vector = ReadVector(ref json); break;
                case "baseRowId": baseRowId = json.GetLong(); break;
                case "defaultRowCommitVersion": commitVersion = json.GetLong(); break;
                default: json.Skip(); break;
            }
        }

        return new RemoveFile
        {
            Path = path ?? throw Missing("remove.path"),
            DeletionTimestamp = deletionTimestamp ?? 0,
            DataChange = dataChange ?? true,
            ExtendedFileMetadata = extended ?? false,
            PartitionValues = partitionValues,
            SizeBytes = size,
            Tags = tags,
            DeletionVector = vector,
            BaseRowId = baseRowId,
            DefaultRowCommitVersion = commitVersion,
        };
    }

    /// <summary>A descriptor, or null where the value is null.</summary>
    internal static DeletionVectorDescriptor? ReadVector(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        json.Expect(JsonTokenType.StartObject);
        string? storageType = null, pathOrInline = null;
        long? offset = null, size = null, cardinality = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "storageType": storageType = json.GetText(); break;
                case "pathOrInlineDv": pathOrInline = json.GetText(); break;
                case "offset": offset = json.GetLong(); break;
                case "sizeInBytes": size = json.GetLong(); break;
                case "cardinality": cardinality = json.GetLong(); break;
                default: json.Skip(); break;
            }
        }

        return new DeletionVectorDescriptor(
            storageType ?? throw Missing("deletionVector.storageType"),
            pathOrInline ?? throw Missing("deletionVector.pathOrInlineDv"),
            offset is null ? null : ToInt(offset.Value, "deletionVector.offset"),
            ToInt(size ?? throw Missing("deletionVector.sizeInBytes"), "deletionVector.sizeInBytes"),
            cardinality ?? throw Missing("deletionVector.cardinality"));
    }

    private static TableMetadata ReadMetadata(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? id = null, name = null, description = null, schema = null, provider = null;
        IReadOnlyDictionary<string, string?>? options = null, configuration = null;
        IReadOnlyList<string>? partitionColumns = null;
        long? createdTime = null;
        while (json.ReadProperty(out string property))
        {
            switch (property)
            {
                case "id": id = json.GetText(); break;
                case "name": name = json.GetText(); break;
                case "description": description = json.GetText(); break;
                case "schemaString": schema = json.GetText(); break;
                case "partitionColumns": partitionColumns = json.GetTexts(); break;
                case "createdTime": createdTime = json.GetLong(); break;
                case "configuration": configuration = json.GetMap(); break;
                case "format": (provider, options) = ReadFormat(ref json); break;
                default: json.Skip(); break;
            }
        }

        return new TableMetadata
        {
            Id = id ?? throw Missing("metaData.id"),
            Name = name,
            Description = description,
            FormatProvider = provider ?? "parquet",
            FormatOptions = options ?? AddFile.NoValues,
            // Absent in tables that a pipeline has created and not yet written to: no columns.
            SchemaString = schema ?? "{\"type\":\"struct\",\"fields\":[]}",
            PartitionColumns = partitionColumns ?? [],
            CreatedTime = createdTime,
            Configuration = configuration ?? AddFile.NoValues,
        };
    }

    private static (string? Provider, IReadOnlyDictionary<string, string?>? Options) ReadFormat(
        ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return (null, null);
        }

        json.Expect(JsonTokenType.StartObject);
        string? provider = null;
        IReadOnlyDictionary<string, string?>? options = null;
        while (json.ReadProperty(out string property))
        {
            switch (property)
            {
                case "provider": provider = json.GetText(); break;
                case "options": options = json.GetMap(); break;
                default: json.Skip(); break;
            }
        }

        return (provider, options);
    }

    private static TableProtocol ReadProtocol(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        long? reader = null, writer = null;
        IReadOnlyList<string>? readerFeatures = null, writerFeatures = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "minReaderVersion": reader = json.GetLong(); break;
                case "minWriterVersion": writer = json.GetLong(); break;
                case "readerFeatures": readerFeatures = json.GetTexts(); break;
                case "writerFeatures": writerFeatures = json.GetTexts(); break;
                default: json.Skip(); break;
            }
        }

        return new TableProtocol(
            ToInt(reader ?? throw Missing("protocol.minReaderVersion"), "protocol.minReaderVersion"),
            ToInt(writer ?? throw Missing("protocol.minWriterVersion"), "protocol.minWriterVersion"),
            readerFeatures,
            writerFeatures);
    }

    private static SetTransaction ReadTransaction(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? applicationId = null;
        long? version = null, lastUpdated = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "appId": applicationId = json.GetText(); break;
                case "version": version = json.GetLong(); break;
                case "lastUpdated": lastUpdated = json.GetLong(); break;
                default: json.Skip(); break;
            }
        }

        return new SetTransaction(
            applicationId ?? throw Missing("txn.appId"), version ?? throw Missing("txn.version"), lastUpdated);
    }

    private static DomainMetadata ReadDomain(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? domain = null, configuration = null;
        bool removed = false;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "domain": domain = json.GetText(); break;
                case "configuration": configuration = json.GetText(); break;
                case "removed": removed = json.GetFlag() ?? false; break;
                default: json.Skip(); break;
            }
        }

        return new DomainMetadata(domain ?? throw Missing("domainMetadata.domain"), configuration ?? "", removed);
    }

    private static ChangeFile ReadChangeFile(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? path = null;
        long? size = null;
        IReadOnlyDictionary<string, string?>? partitionValues = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "path": path = json.GetText(); break;
                case "partitionValues": partitionValues = json.GetMap(); break;
                case "size": size = json.GetLong(); break;
                default: json.Skip(); break;
            }
        }

        return new ChangeFile(
            path ?? throw Missing("cdc.path"),
            partitionValues ?? AddFile.NoValues,
            size ?? throw Missing("cdc.size"));
    }

    private static Sidecar ReadSidecar(ref Utf8JsonReader json)
    {
        (string? path, long? size, _) = ReadReference(ref json);
        return new Sidecar(path ?? throw Missing("sidecar.path"), size ?? throw Missing("sidecar.sizeInBytes"));
    }

    private static CheckpointMetadata ReadCheckpointMetadata(ref Utf8JsonReader json)
    {
        (_, _, long? version) = ReadReference(ref json);
        return new CheckpointMetadata(version ?? throw Missing("checkpointMetadata.version"));
    }

    private static (string? Path, long? SizeBytes, long? Version) ReadReference(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        string? path = null;
        long? size = null, version = null;
        while (json.ReadProperty(out string name))
        {
            switch (name)
            {
                case "path": path = json.GetText(); break;
                case "sizeInBytes": size = json.GetLong(); break;
                case "version": version = json.GetLong(); break;
                default: json.Skip(); break;
            }
        }

        return (path, size, version);
    }

    private static int ToInt(long value, string field) => value is >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"{field} is {value}"));

    private static JsonException Missing(string field) => new($"the required field {field} is missing");
}
