using System.Collections.Generic;
using System.IO;
using System.Text;
using Polder.Server.Hosting;
using Xunit;

namespace Polder.Tests.Server.Hosting;

public sealed class SupervisorLineTests
{
    [Fact]
    public void News_arrive_until_the_supervisor_goes()
    {
        SupervisorLine line = new();
        List<string?> heard = [];
        line.Changed += heard.Add;
        bool hasEnded = false;
        string text = string.Join(
            '\n', SupervisorLine.Format("boom\nat \"x\""), "not JSON", SupervisorLine.Format(null));
        line.Listen(new MemoryStream(Encoding.UTF8.GetBytes(text)), () => hasEnded = true);
        Assert.Equal(["boom\nat \"x\"", null], heard);
        Assert.True(hasEnded);
        Assert.Null(line.Failure);
    }

    [Fact]
    public void News_are_one_line_each() => Assert.DoesNotContain('\n', SupervisorLine.Format("a\nb"));
}
