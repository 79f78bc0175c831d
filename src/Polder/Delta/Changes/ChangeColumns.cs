using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Delta.Changes;

/// <summary>PROTOCOL "Change Data Files": the columns that a change feed has besides the table's.</summary>
internal static class ChangeColumns
{
    /// <summary>insert, delete, update_preimage or update_postimage.</summary>
    public const string Type = "_change_type";

    public const string Version = "_commit_version";

    public const string Timestamp = "_commit_timestamp";

    public const string Insert = "insert";

    public const string Delete = "delete";

    public static IReadOnlyList<StructField> Fields { get; } =
    [
        new StructField(Type, DataType.String),
        new StructField(Version, DataType.Long),
        new StructField(Timestamp, DataType.Timestamp),
    ];
}
