using System;
using System.Buffers.Text;
using System.Text.Json;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary><c>numRecords</c> of a file's statistics, without looking at the rest.</summary>
internal static class RowCountText
{
    /// <summary>Rows of the file; -1 where the statistics do not say it.</summary>
    public static long Read(ReadOnlySpan<byte> stats)
    {
        // Every known writer writes it first.
        ReadOnlySpan<byte> start = "{\"numRecords\":"u8;
        if (stats.StartsWith(start) &&
            Utf8Parser.TryParse(stats[start.Length..], out long count, out int length) && count >= 0 &&
            start.Length + length < stats.Length && stats[start.Length + length] is (byte)',' or (byte)'}')
        {
            return count;
        }

        return stats.IsEmpty ? -1 : Find(stats);
    }

    private static long Find(ReadOnlySpan<byte> stats)
    {
        try
        {
            Utf8JsonReader json = new(stats, isFinalBlock: true, default);
            json.ReadExpected(JsonTokenType.StartObject);
            while (json.ReadProperty(out string name))
            {
                if (name == "numRecords")
                {
                    return json.GetLong() is long count and >= 0 ? count : -1;
                }

                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Statistics that nobody can read are as good as none.
        }

        return -1;
    }
}
