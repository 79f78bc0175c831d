using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Polder.Delta.Log;

/// <summary>PROTOCOL "JSON checksum": the MD5 of a canonical form of an object, without its key checksum.</summary>
internal static class JsonChecksum
{
    private const string ChecksumKey = "checksum";
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>The checksum, 32 hexadecimal digits in lower case.</summary>
    public static string Compute(JsonElement json)
    {
        List<string> pairs = [];
        foreach (JsonProperty property in json.EnumerateObject().Where(property => property.Name != ChecksumKey))
        {
            Collect(property.Value, Quote(property.Name), pairs);
        }

        pairs.Sort(StringComparer.Ordinal);
#pragma warning disable CA5351 // What the protocol asks for; it guards against accidents, not against people.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Join(',', pairs))));
#pragma warning restore CA5351
    }

    private static void Collect(JsonElement json, string path, List<string> pairs)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    Collect(property.Value, $"{path}+{Quote(property.Name)}", pairs);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Collect(item, FormattableString.Invariant($"{path}+{index++}"), pairs);
                }

                break;
            case JsonValueKind.String:
                pairs.Add($"{path}={Quote(json.GetString()!)}");
                break;
            default:
                pairs.Add($"{path}={json.GetRawText()}");
                break;
        }
    }

    private static string Quote(string text)
    {
        StringBuilder quoted = new(text.Length + 2);
        quoted.Append('"');
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || (char)unit is '-' or '.' or '_' or '~')
            {
                quoted.Append((char)unit);
            }
            else
            {
                quoted.Append('%').Append(HexDigits[unit >> 4]).Append(HexDigits[unit & 15]);
            }
        }

        return quoted.Append('"').ToString();
    }
}
