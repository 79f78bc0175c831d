using System;
using System.Collections.Generic;
using Polder.Columns;
using Polder.Delta.Shapes;

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

    public const string UpdatePreimage = "update_preimage";

    public const string UpdatePostimage = "update_postimage";

    public static IReadOnlyList<StructField> Fields { get; } =
    [
        new StructField(Type, DataType.String),
        new StructField(Version, DataType.Long),
        new StructField(Timestamp, DataType.Timestamp),
    ];

    /// <summary>The partition values of a file, and what its rows have in these columns.</summary>
    /// <param name="partitionValues">Those of the table.</param>
    /// <param name="type">The type of change; null where the file has it row by row.</param>
    /// <param name="version">The version.</param>
    /// <param name="time">When it was committed, in milliseconds.</param>
    public static IReadOnlyDictionary<string, string?> Describe(
        IReadOnlyDictionary<string, string?> partitionValues, string? type, long version, long time)
    {
        Dictionary<string, string?> values = new(partitionValues)
        {
            [Version] = PartitionText.Format(version, DataType.Long),
            [Timestamp] = PartitionText.Format(time * TimeSpan.MicrosecondsPerMillisecond, DataType.Timestamp),
        };
        if (type is not null)
        {
            values[Type] = type;
        }

        return values;
    }

    /// <summary>A type of change, in UTF-8.</summary>
    /// <exception cref="CorruptFileException">The text is none of the four.</exception>
    public static ChangeKind ParseType(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("insert"u8) ? ChangeKind.Insert
        : text.SequenceEqual("delete"u8) ? ChangeKind.Delete
        : text.SequenceEqual("update_preimage"u8) ? ChangeKind.UpdatePreimage
        : text.SequenceEqual("update_postimage"u8) ? ChangeKind.UpdatePostimage
        : throw new CorruptFileException(
            $"{Type} is '{System.Text.Encoding.UTF8.GetString(text)}', which is no type of change");
}
