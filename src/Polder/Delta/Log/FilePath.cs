using System;
using System.Text;

namespace Polder.Delta.Log;

/// <summary>
/// The path of an add or remove: text, URI-encoded once by the writer, so decoded exactly once by us. The directory
/// part may itself hold Hive's escapes, which are plain text at this level.
/// </summary>
internal static class FilePath
{
    /// <summary>Whether the path names its file by a scheme or from the root of a file system.</summary>
    public static bool IsAbsolute(string path)
    {
        if (path.StartsWith('/') || path.StartsWith('\\'))
        {
            return true;
        }

        int colon = path.IndexOf(':');
        return colon > 0 && colon + 1 < path.Length && path[colon + 1] is '/' or '\\' &&
            char.IsAsciiLetter(path[0]) && !path.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters);
    }

    /// <summary>Percent-decodes; an escape that is none stays as it is.</summary>
    public static string Decode(string path)
    {
        if (!path.Contains('%'))
        {
            return path;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(path);
        return Encoding.UTF8.GetString(bytes, 0, Decode(bytes, bytes));
    }

    /// <summary>The same in UTF-8, where the target may be the source; returns the bytes written.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int length = 0;
        for (int index = 0; index < source.Length; index++)
        {
            if (source[index] == '%' && index + 2 < source.Length &&
                char.IsAsciiHexDigit((char)source[index + 1]) && char.IsAsciiHexDigit((char)source[index + 2]))
            {
                target[length++] = (byte)((HexValue(source[index + 1]) << 4) | HexValue(source[index + 2]));
                index += 2;
            }
            else
            {
                target[length++] = source[index];
            }
        }

        return length;
    }

    /// <summary>Percent-encodes every byte that a URI path may not hold as it is, '%' included.</summary>
    public static string Encode(string path)
    {
        StringBuilder encoded = new(path.Length + 16);
        foreach (byte unit in Encoding.UTF8.GetBytes(path))
        {
            if (unit < 0x80 && (char.IsAsciiLetterOrDigit((char)unit) || UnreservedMarks.Contains((char)unit)))
            {
                encoded.Append((char)unit);
            }
            else
            {
                encoded.Append('%').Append(HexDigits[unit >> 4]).Append(HexDigits[unit & 15]);
            }
        }

        return encoded.ToString();
    }

    /// <summary>
    /// One spelling per file, for comparing: decoded once, <c>file:/a</c>, <c>file:///a</c> and <c>/a</c> alike, and
    /// relative where the file lies below the table.
    /// </summary>
    /// <param name="path">As the log spells it.</param>
    /// <param name="root">The table's root, as its store names it.</param>
    public static string Canonicalize(string path, string root)
    {
        if (!IsAbsolute(path))
        {
            return Decode(path);
        }

        string absolute = StripFileScheme(Decode(path));
        string folder = StripFileScheme(root);
        return folder.Length > 1 && absolute.Length > folder.Length + 1 && absolute[folder.Length] == '/' &&
            absolute.StartsWith(folder, StringComparison.Ordinal) ? absolute[(folder.Length + 1)..] : absolute;
    }

    private const string HexDigits = "0123456789ABCDEF";
    private const string UnreservedMarks = "-_.~!*'();@&=+$,/";

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static string StripFileScheme(string path)
    {
        string rest = path;
        if (rest.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["file:".Length..];
            rest = "/" + rest.TrimStart('/');
        }

        return rest.Length > 1 ? rest.TrimEnd('/') : rest;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
