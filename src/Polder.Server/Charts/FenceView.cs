using System.Text;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>What a fence looks like in the page.</summary>
internal static class FenceView
{
    /// <summary>The result as the fence's arguments want it.</summary>
    /// <exception cref="FenceArgumentException">An argument is wrong.</exception>
    public static string Render(SqlFence fence, QueryRows rows)
    {
        ChartArguments arguments = ChartArguments.Parse(fence, rows.Schema);
        StringBuilder html = Open(fence, arguments.Title);
        if (arguments.Kind == "table")
        {
            TableView.Append(html, arguments, rows);
        }
        else
        {
            ChartView.Append(html, arguments, rows);
        }

        return Close(html);
    }

    /// <summary>What failed, in the fence's place.</summary>
    public static string RenderFailure(SqlFence fence, FenceFailure failure) =>
        Close(Open(fence, null).Append(failure.ToHtml()));

    private static StringBuilder Open(SqlFence fence, string? title)
    {
        StringBuilder html = new("<figure class=\"query\" data-query=\"");
        Markup.Append(html, fence.Name);
        html.Append("\">");
        if (title is not null)
        {
            html.Append("<figcaption>");
            Markup.Append(html, title);
            html.Append("</figcaption>");
        }

        return html;
    }

    private static string Close(StringBuilder html) => html.Append("</figure>").ToString();
}
