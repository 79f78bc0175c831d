using System.Linq;
using Polder.Server.Supervisor;
using Xunit;

namespace Polder.Tests.Server.Supervisor;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_from_a_quarter_of_a_second_to_eight_and_begin_again_after_a_success()
    {
        Backoff backoff = new();
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 8], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(0.25, backoff.Next().TotalSeconds);
    }
}
