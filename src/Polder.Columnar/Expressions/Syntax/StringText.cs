using System;
using System.Globalization;
using System.Text;

namespace Polder.Expressions.Syntax;

/// <summary>The escapes of string literals.</summary>
internal static class StringText
{
    /// <summary>The value of what stands between two quotes (Spark's unescapeSQLString).</summary>
    public static string Unescape(ReadOnlySpan<char> content, char quote)
    {
        if (content.IndexOfAny('\\', quote) < 0)
        {
            return content.ToString();
        }

        StringBuilder value = new(content.Length);
        int position = 0;
        while (position < content.Length)
        {
            char current = content[position++];
            if (current == quote)
            {
                position++; // The second of two quotes.
                value.Append(quote);
            }
            else if (current == '\\' && position < content.Length)
            {
                position += AppendEscaped(value, content[position..]);
            }
            else
            {
                value.Append(current);
            }
        }

        return value.ToString();
    }

    /// <summary>Appends what an escape stands for; returns the characters it took after the backslash.</summary>
    private static int AppendEscaped(StringBuilder value, ReadOnlySpan<char> rest)
    {
        if (rest[0] == 'u' && TryHex(rest, 4, out uint unit))
        {
            value.Append((char)unit);
            return 5;
        }

        if (rest[0] == 'U' && TryHex(rest, 8, out uint rune) && Rune.IsValid(rune))
        {
            value.Append(new Rune(rune));
            return 9;
        }

        if (rest.Length >= 3 && rest[0] is '0' or '1' && rest[1] is >= '0' and <= '7' && rest[2] is >= '0' and <= '7')
        {
            value.Append((char)(((rest[0] - '0') * 64) + ((rest[1] - '0') * 8) + rest[2] - '0'));
            return 3;
        }

        switch (rest[0])
        {
            case '0':
                value.Append('\0');
                break;
            case 'b':
                value.Append('\b');
                break;
            case 'n':
                value.Append('\n');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'Z':
                value.Append('\u001A');
                break;
            case '%' or '_':
                value.Append('\\').Append(rest[0]); // Kept for LIKE, where they escape the wildcards.
                break;
            default:
                value.Append(rest[0]);
                break;
        }

        return 1;
    }

    private static bool TryHex(ReadOnlySpan<char> rest, int digits, out uint value)
    {
        value = 0;
        return rest.Length > digits &&
            uint.TryParse(
                rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
