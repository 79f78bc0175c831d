using System.Collections.Generic;
using System.Text;

namespace Polder.Delta.Write;

/// <summary>
/// Directories of partitions as Hive names them: <c>name=value/name=value</c>, with characters that file systems or
/// engines stumble over as %XX. Only a convention: readers take the values from the log.
/// </summary>
internal static class HivePath
{
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";
    private const string Escaped = "\"#%'*/:=?\\{[]^\u007F";

    // File systems allow 255 bytes a name; room is left for what tools append.
    private const int LongestName = 240;

    /// <summary>The directory with a closing slash; empty without partition columns or with too long a name.</summary>
    public static string Format(IReadOnlyList<string> names, IReadOnlyList<string?> values)
    {
        StringBuilder path = new();
        for (int index = 0; index < names.Count; index++)
        {
            int start = path.Length;
            AppendEscaped(path, names[index]);
            path.Append('=');
            AppendEscaped(path, values[index] ?? NullValue);
            if (Encoding.UTF8.GetByteCount(path.ToString(start, path.Length - start)) > LongestName)
            {
                return "";
            }

            path.Append('/');
        }

        return path.ToString();
    }

    private static void AppendEscaped(StringBuilder path, string text)
    {
        foreach (char unit in text)
        {
            if (unit < ' ' || Escaped.Contains(unit))
            {
                path.Append('%').Append(((int)unit).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                path.Append(unit);
            }
        }
    }
}
