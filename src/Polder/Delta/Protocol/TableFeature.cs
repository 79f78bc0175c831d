using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;

namespace Polder.Delta.Protocol;

/// <summary>
/// The table features of PROTOCOL "Valid Feature Names in Table Features" and of delta-spark's TableFeature.scala,
/// and which of them Polder honours. "Supported" (in the protocol) is not "active" (in use): <see cref="FeatureGate"/>
/// looks at both.
/// </summary>
internal static class TableFeature
{
    public const string AppendOnly = "appendOnly";
    public const string Invariants = "invariants";
    public const string CheckConstraints = "checkConstraints";
    public const string ChangeDataFeed = "changeDataFeed";
    public const string GeneratedColumns = "generatedColumns";
    public const string ColumnMapping = "columnMapping";
    public const string IdentityColumns = "identityColumns";
    public const string DeletionVectors = "deletionVectors";
    public const string TimestampNtz = "timestampNtz";
    public const string TypeWidening = "typeWidening";
    public const string TypeWideningPreview = "typeWidening-preview";
    public const string V2Checkpoint = "v2Checkpoint";
    public const string VacuumProtocolCheck = "vacuumProtocolCheck";
    public const string VariantType = "variantType";
    public const string VariantTypePreview = "variantType-preview";
    public const string VariantShredding = "variantShredding";
    public const string VariantShreddingPreview = "variantShredding-preview";
    public const string AllowColumnDefaults = "allowColumnDefaults";
    public const string DomainMetadata = "domainMetadata";
    public const string RowTracking = "rowTracking";
    public const string Clustering = "clustering";
    public const string InCommitTimestamp = "inCommitTimestamp";
    public const string InCommitTimestampPreview = "inCommitTimestamp-preview";
    public const string CheckpointProtection = "checkpointProtection";
    public const string IcebergCompatV1 = "icebergCompatV1";
    public const string IcebergCompatV2 = "icebergCompatV2";
    public const string MaterializePartitionColumns = "materializePartitionColumns";

    /// <summary>What a reader must honour and Polder does; what of it is in use is checked per table.</summary>
    public static IReadOnlySet<string> Readable { get; } = new HashSet<string>
    {
        ColumnMapping, DeletionVectors, TimestampNtz, TypeWidening, TypeWideningPreview, V2Checkpoint,
        VacuumProtocolCheck, VariantType, VariantTypePreview, VariantShredding, VariantShreddingPreview,
        // Writer-only features that some writers list on both sides; they ask nothing of a reader.
        AppendOnly, Invariants, CheckConstraints, ChangeDataFeed, GeneratedColumns, IdentityColumns,
        AllowColumnDefaults, DomainMetadata, RowTracking, Clustering, InCommitTimestamp, InCommitTimestampPreview,
        CheckpointProtection, IcebergCompatV1, IcebergCompatV2, MaterializePartitionColumns,
    };

    /// <summary>What a writer must honour and Polder does, unless it is active in a way the gate refuses.</summary>
    public static IReadOnlySet<string> Writable { get; } = new HashSet<string>
    {
        AppendOnly, Invariants, CheckConstraints, ChangeDataFeed, GeneratedColumns, ColumnMapping, IdentityColumns,
        DeletionVectors, TimestampNtz, TypeWidening, TypeWideningPreview, V2Checkpoint, VacuumProtocolCheck,
        VariantType, VariantTypePreview, VariantShredding, VariantShreddingPreview, AllowColumnDefaults,
        DomainMetadata, InCommitTimestamp, InCommitTimestampPreview, CheckpointProtection, IcebergCompatV1,
        IcebergCompatV2,
    };

    /// <summary>PROTOCOL "Writer Version Requirements": features that a legacy writer version implies.</summary>
    private static readonly (int WriterVersion, string Feature)[] ImpliedByWriterVersion =
    [
        (2, AppendOnly), (2, Invariants), (3, CheckConstraints), (4, ChangeDataFeed), (4, GeneratedColumns),
        (5, ColumnMapping), (6, IdentityColumns),
    ];

    /// <summary>Every feature of a protocol, by name or implied by a legacy version.</summary>
    public static IReadOnlySet<string> FindSupported(TableProtocol protocol)
    {
        HashSet<string> features = [.. protocol.ReaderFeatures ?? [], .. protocol.WriterFeatures ?? []];
        features.UnionWith(ImpliedByWriterVersion
            .Where(item => protocol.WriterVersion < 7 && item.WriterVersion <= protocol.WriterVersion)
            .Select(item => item.Feature));
        return features;
    }

    /// <summary>Whether the protocol has a feature, by name or implied by a legacy version.</summary>
    public static bool IsSupported(TableProtocol protocol, string feature) =>
        protocol.WriterFeatures?.Contains(feature) == true || protocol.ReaderFeatures?.Contains(feature) == true ||
        (protocol.WriterVersion < 7 &&
            ImpliedByWriterVersion.Any(
                item => item.WriterVersion <= protocol.WriterVersion && item.Feature == feature));
}
