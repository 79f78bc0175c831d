using System.Text;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>What a fence looks like in the page.</summary>
internal static class FenceView
{
    /// <summary>The result as the fence's arguments want it.</summary>
    public static string Render(SqlFence fence, QueryRows rows)
    {
        StringBuilder html = Open(fence);
        TableView.Append(html, fence, rows);
        return Close(html);
    }

    /// <summary>What failed, in the fence's place.</summary>
    public static string RenderFailure(SqlFence fence, FenceFailure failure) =>
        Close(Open(fence).Append(failure.ToHtml()));

    private static StringBuilder Open(SqlFence fence)
    {
        StringBuilder html = new("<figure class=\"query\" data-query=\"");
        Markup.Append(html, fence.Name);
        return html.Append("\">");
    }

    private static string Close(StringBuilder html) => html.Append("</figure>").ToString();
}
