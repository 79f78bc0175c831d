using System;
using System.Text.RegularExpressions;

namespace Polder.Server.Site;

/// <summary>
/// Stands for an asset's address in what a layout wrote. The address is put in when the page is sent: a style that
/// changes makes no page a different one.
/// </summary>
internal static partial class AssetMark
{
    public static string Of(string name) => $"\uE011{name}\uE012";

    public static string Fill(string html, Func<string, string> address) =>
        Mark().Replace(html, mark => address(mark.Groups[1].Value));

    [GeneratedRegex("\uE011([^\uE011\uE012<>\"]*)\uE012")]
    private static partial Regex Mark();
}
